package dev.keywright.core.model;

import java.util.function.Consumer;

/** Verifications, as in {@code CachingKeyFinder}. A thread may pause for any time between two transitions. */
final class VerifierActions {

    private final Scenario scenario;

    VerifierActions(Scenario scenario) {
        this.scenario = scenario;
    }

    void addTransitions(State state, int number, Successors successors) {
        Node node = state.nodes[number];
        for (int i = 0; i < node.verifications.length; i++) {
            if (node.verifications[i].phase != Verification.NONE) {
                new Turn(state, number, i, successors).next();
            } else if (i == 0 || node.verifications[i - 1].phase != Verification.NONE) {
                // Idle verifications are interchangeable: the first one begins.
                for (int key = 0; key < scenario.keys(); key++) {
                    new Turn(state, number, i, successors).begin(key);
                }
            }
        }
    }

    /** Next transitions of one verification. */
    private final class Turn {
        private final State state;
        private final Node node;
        private final int number;
        private final int index;
        private final Verification now;
        private final Successors successors;

        Turn(State state, int number, int index, Successors successors) {
            this.state = state;
            this.node = state.nodes[number];
            this.number = number;
            this.index = index;
            this.now = node.verifications[index];
            this.successors = successors;
        }

        void begin(int key) {
            boolean holds = node.leaseLeft > 0;
            // A lookup on a replica is refused if its snapshot is below the applied revision. Without a lease, that
            // revision may be too low.
            boolean promised = holds || !scenario.allows(Event.LAGGING_REPLICA);
            boolean mustReject = (state.revocationsReturned >> key & 1) == 1 && node.excused == 0 && promised;
            int applied = holds ? 0 : node.applied;
            boolean issued = (state.issuesReturned >> key & 1) == 1;
            boolean mustAccept =
                    issued && state.database.keys[key] == KeyState.ACTIVE && scenario.liveKeysMustBeFound(state);
            boolean entryFirst = scenario.has(Fault.ENTRY_BEFORE_LEASE);
            String label = entryFirst
                    ? "reads the entry before the lease"
                    : holds ? "its lease holds" : "no lease: reads through";
            step(label, mustReject ? " (started after the revocation RETURNED)" : "", started -> {
                started.key = key;
                started.mustReject = mustReject;
                started.mustAccept = mustAccept;
                started.found = entryFirst ? node.entries[key] : 0;
                started.applied = entryFirst ? 0 : applied;
                started.phase = entryFirst
                        ? Verification.HAS_ENTRY
                        : holds ? Verification.LEASE_HOLDS : Verification.READS_THROUGH;
            });
        }

        void next() {
            switch (now.phase) {
                case Verification.LEASE_HOLDS -> readEntry();
                case Verification.MISSED -> readEpoch();
                case Verification.HAS_EPOCH, Verification.HALF_READ -> findOrJoin();
                case Verification.HAS_RESULT -> fill();
                case Verification.READS_THROUGH -> readThrough();
                case Verification.HAS_PUT -> recheckFill();
                case Verification.HAS_ENTRY -> checkLease();
                default -> throw new IllegalStateException();
            }
        }

        private void readEntry() {
            int entry = node.entries[now.key];
            if (entry == KeyState.NOT_CACHED) {
                step("misses", v -> v.phase = Verification.MISSED);
            } else {
                complete(entry, "hits", after -> {});
            }
        }

        private void readEpoch() {
            int applied = node.applied;
            step("reads the epoch and the applied revision", v -> {
                v.phase = Verification.HAS_EPOCH;
                v.sameEpoch = true;
                v.applied = applied;
            });
        }

        private void findOrJoin() {
            findInStore();
            if (scenario.has(Fault.JOINED_LOOKUP)) {
                join();
            }
        }

        private void findInStore() {
            if (state.isUnavailable()) {
                end("store unavailable");
                return;
            }
            answer(state.database, "the store returns a result");
            if (scenario.allows(Event.LAGGING_REPLICA) && state.standby != null) {
                answer(state.standby, "the replica returns a result");
            }
        }

        private void answer(Database database, String label) {
            boolean revisionLast = scenario.has(Fault.REVISION_READ_LAST_BY_LOOKUPS);
            boolean inTwo = revisionLast || scenario.allows(Event.REVISION_READ_FIRST);
            int found = database.keys[now.key];
            if (inTwo && now.phase != Verification.HALF_READ) {
                step(revisionLast ? "reads the key" : "reads the revision", v -> {
                    v.phase = Verification.HALF_READ;
                    v.found = revisionLast ? found : 0;
                    v.revision = revisionLast ? Database.MAX_REVISION : database.revision;
                });
                return;
            }
            int revision = inTwo ? Math.min(now.revision, database.revision) : database.revision;
            if (isStale(revision)) {
                end("gets a stale result: store unavailable");
                return;
            }
            step(label, v -> {
                v.phase = Verification.HAS_RESULT;
                v.found = revisionLast ? now.found : found;
                v.revision = revision;
                v.applied = 0;
            });
        }

        private boolean isStale(int revision) {
            return revision < now.applied && !scenario.has(Fault.NO_STALE_CHECK);
        }

        /** Takes the result of a lookup of another verification, which may have begun before this one. */
        private void join() {
            for (Verification other : node.verifications) {
                if (other.phase == Verification.HAS_RESULT && other.key == now.key) {
                    complete(other.found, "joins a lookup in progress", after -> {});
                }
            }
        }

        /** Whether no eviction of this key was logged above the snapshot of the lookup. */
        private boolean mayFill() {
            boolean evicted;
            if (now.found == KeyState.UNKNOWN) {
                evicted = now.revision < node.insertRevision && !scenario.has(Fault.FILL_OF_UNKNOWN_IGNORES_REVISION);
            } else {
                evicted = now.revision < node.evictedAt[now.key]
                        || (now.revision < node.tenantEvictedAt && !scenario.has(Fault.FILL_IGNORES_TENANT))
                        || now.revision < node.logDroppedThrough;
                evicted &= now.revision < node.applied && !scenario.has(Fault.FILL_IGNORES_REVISION);
            }
            return (now.sameEpoch || scenario.has(Fault.FILL_IGNORES_EPOCH)) && !evicted;
        }

        private void fill() {
            boolean may = mayFill();
            int key = now.key;
            int found = now.found;
            if (scenario.has(Fault.PUT_THEN_CHECKED_AGAIN)) {
                State next = state.copy();
                next.nodes[number].entries[key] = found;
                next.nodes[number].verifications[index].phase = Verification.HAS_PUT;
                successors.add(next, number, "puts the result before the check");
                return;
            }
            complete(found, may ? "fills" : "fill refused", after -> {
                // An existing entry stays, as in KeyCache.put.
                if (may && after.entries[key] == KeyState.NOT_CACHED) {
                    after.entries[key] = found;
                }
            });
        }

        private void recheckFill() {
            int key = now.key;
            boolean same = mayFill();
            complete(now.found, same ? "keeps the entry" : "removes the entry", after -> {
                after.entries[key] = same ? after.entries[key] : KeyState.NOT_CACHED;
            });
        }

        private void checkLease() {
            if (node.leaseLeft == 0) {
                step("no lease: reads through", v -> {
                    v.phase = Verification.READS_THROUGH;
                    v.found = 0;
                });
            } else if (now.found == KeyState.NOT_CACHED) {
                step("its lease holds, after a miss", v -> v.phase = Verification.MISSED);
            } else {
                complete(now.found, "its lease holds, after a hit", after -> {});
            }
        }

        private void readThrough() {
            if (state.isUnavailable()) {
                end("store unavailable");
            } else {
                readThrough(state.database);
                if (scenario.allows(Event.LAGGING_REPLICA) && state.standby != null) {
                    readThrough(state.standby);
                }
            }
        }

        private void readThrough(Database database) {
            if (isStale(database.revision)) {
                end("gets a stale result: store unavailable");
            } else {
                complete(database.keys[now.key], "reads through", after -> {});
            }
        }

        private void complete(int found, String label, Consumer<Node> change) {
            State next = state.copy();
            change.accept(next.nodes[number]);
            boolean accepts = found == KeyState.ACTIVE;
            if (accepts && now.mustReject) {
                next.violation = "ACCEPTED by a verification that began after the revocation returned";
            } else if (!accepts && now.mustAccept && state.database.keys[now.key] == KeyState.ACTIVE) {
                next.violation = "REJECTED, although it is live and its issue had returned";
            }
            next.nodes[number].verifications[index].end();
            successors.add(next, number, label, accepts ? ": accepts" : ": rejects");
        }

        private void end(String label) {
            step(label, Verification::end);
        }

        private void step(String label, Consumer<Verification> change) {
            step(label, "", change);
        }

        private void step(String label, String detail, Consumer<Verification> change) {
            State next = state.copy();
            change.accept(next.nodes[number].verifications[index]);
            successors.add(next, number, label, detail);
        }
    }
}
