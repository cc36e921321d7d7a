package dev.keywright.core.model;

import java.util.function.Consumer;

/** A verification, as {@code CachingKeyFinder} makes it. Its thread may stop for any time between any two steps. */
final class Verifying {

    private final World world;

    Verifying(World world) {
        this.world = world;
    }

    void from(State state, int number, Choices choices) {
        Node node = state.nodes[number];
        for (int i = 0; i < node.verifications.length; i++) {
            if (node.verifications[i].at != Verification.NONE) {
                new Turn(state, number, i, choices).goOn();
            } else if (i == 0 || node.verifications[i - 1].at != Verification.NONE) {
                // Which of several that have not begun begins is all the same.
                for (int key = 0; key < world.keys(); key++) {
                    new Turn(state, number, i, choices).begin(key);
                }
            }
        }
    }

    /** What one verification can do next. */
    private final class Turn {
        private final State state;
        private final Node node;
        private final int number;
        private final int index;
        private final Verification now;
        private final Choices choices;

        Turn(State state, int number, int index, Choices choices) {
            this.state = state;
            this.node = state.nodes[number];
            this.number = number;
            this.index = index;
            this.now = node.verifications[index];
            this.choices = choices;
        }

        void begin(int key) {
            boolean holds = node.leaseLeft > 0;
            // A lookup that reaches a replica is refused if it is behind what the node knows; without a lease, it knows
            // nothing.
            boolean promised = holds || !world.may(Event.LAGGING_REPLICA);
            boolean late = (state.revokedForGood >> key & 1) == 1 && node.excused == 0 && promised;
            int applied = holds ? 0 : node.applied;
            boolean issued = (state.issuedForGood >> key & 1) == 1;
            boolean due = issued && state.database.keys[key] == Text.ACTIVE && world.isRejectionWrong(state);
            boolean entryFirst = world.has(Fault.ENTRY_BEFORE_LEASE);
            String what = entryFirst ? "reads the entry first" : holds ? "its lease holds" : "no lease: reads through";
            step(what, late ? " (begun after the revocation RETURNED)" : "", begun -> {
                begun.key = key;
                begun.late = late;
                begun.due = due;
                begun.found = entryFirst ? node.entries[key] : 0;
                begun.applied = entryFirst ? 0 : applied;
                begun.at = entryFirst
                        ? Verification.HAS_ENTRY
                        : holds ? Verification.LEASE_HOLDS : Verification.READS_THROUGH;
            });
        }

        void goOn() {
            switch (now.at) {
                case Verification.LEASE_HOLDS -> readEntry();
                case Verification.MISSED -> noteEpoch();
                case Verification.HAS_EPOCH -> askStore();
                case Verification.WAS_TOLD -> fill();
                case Verification.READS_THROUGH -> readThrough();
                case Verification.HAS_PUT -> checkAgain();
                case Verification.HAS_ENTRY -> checkLease();
                default -> throw new IllegalStateException();
            }
        }

        private void readEntry() {
            int entry = node.entries[now.key];
            if (entry == Text.NOT_REMEMBERED) {
                step("misses", v -> v.at = Verification.MISSED);
            } else {
                judge(entry, "hits", after -> {});
            }
        }

        private void noteEpoch() {
            int applied = node.applied;
            step("notes the epoch and the revision applied", v -> {
                v.at = Verification.HAS_EPOCH;
                v.sameEpoch = true;
                v.applied = applied;
            });
        }

        private void askStore() {
            readStore();
            if (world.has(Fault.JOINED_LOOKUP)) {
                join();
            }
        }

        private void readStore() {
            if (state.isAway()) {
                end("the store cannot answer");
                return;
            }
            answer(state.database, "the store answers");
            if (world.may(Event.LAGGING_REPLICA) && state.standby != null) {
                answer(state.standby, "the replica answers");
            }
        }

        private void answer(Database database, String what) {
            if (isStale(database)) {
                end("gets a stale answer: the store cannot answer");
                return;
            }
            int found = database.keys[now.key];
            int revision = database.revision;
            step(what, v -> {
                v.at = Verification.WAS_TOLD;
                v.found = found;
                v.revision = revision;
                v.applied = 0;
            });
        }

        private boolean isStale(Database database) {
            return database.revision < now.applied && !world.has(Fault.NO_STALE_CHECK);
        }

        /** Takes the answer to a question that another verification had asked before this one began. */
        private void join() {
            for (Verification other : node.verifications) {
                if (other.at == Verification.WAS_TOLD && other.key == now.key) {
                    judge(other.found, "joins a look-up that is under way", after -> {});
                }
            }
        }

        /** Whether nothing was evicted since the snapshot that the answer is from, in what concerns this text. */
        private boolean mayFill() {
            boolean evicted;
            if (now.found == Text.UNKNOWN) {
                evicted = now.revision < node.insertRevision && !world.has(Fault.FILL_OF_UNKNOWN_IGNORES_REVISION);
            } else {
                evicted = now.revision < node.evictedAt[now.key]
                        || (now.revision < node.tenantEvictedAt && !world.has(Fault.FILL_IGNORES_TENANT))
                        || now.revision < node.logFrom;
                evicted &= now.revision < node.applied && !world.has(Fault.FILL_IGNORES_REVISION);
            }
            return (now.sameEpoch || world.has(Fault.FILL_IGNORES_EPOCH)) && !evicted;
        }

        private void fill() {
            boolean may = mayFill();
            int key = now.key;
            int found = now.found;
            if (world.has(Fault.PUT_THEN_CHECKED_AGAIN)) {
                State next = state.copy();
                next.nodes[number].entries[key] = found;
                next.nodes[number].verifications[index].at = Verification.HAS_PUT;
                choices.add(next, number, "puts what it found, and will check");
                return;
            }
            judge(found, may ? "fills" : "may not fill", after -> {
                // What is there stays, as in Entries.put.
                if (may && after.entries[key] == Text.NOT_REMEMBERED) {
                    after.entries[key] = found;
                }
            });
        }

        private void checkAgain() {
            int key = now.key;
            boolean same = mayFill();
            judge(now.found, same ? "lets it be" : "takes it back", after -> {
                after.entries[key] = same ? after.entries[key] : Text.NOT_REMEMBERED;
            });
        }

        private void checkLease() {
            if (node.leaseLeft == 0) {
                step("no lease: reads through", v -> {
                    v.at = Verification.READS_THROUGH;
                    v.found = 0;
                });
            } else if (now.found == Text.NOT_REMEMBERED) {
                step("its lease holds, and it had missed", v -> v.at = Verification.MISSED);
            } else {
                judge(now.found, "its lease holds, and it had hit", after -> {});
            }
        }

        private void readThrough() {
            if (state.isAway()) {
                end("the store cannot answer");
            } else {
                readThrough(state.database);
                if (world.may(Event.LAGGING_REPLICA) && state.standby != null) {
                    readThrough(state.standby);
                }
            }
        }

        private void readThrough(Database database) {
            if (isStale(database)) {
                end("gets a stale answer: the store cannot answer");
            } else {
                judge(database.keys[now.key], "read through", after -> {});
            }
        }

        private void judge(int found, String how, Consumer<Node> change) {
            State next = state.copy();
            change.accept(next.nodes[number]);
            boolean accepts = found == Text.ACTIVE;
            if (accepts && now.late) {
                next.violation = "ACCEPTED, and had begun after the revocation returned";
            } else if (!accepts && now.due && state.database.keys[now.key] == Text.ACTIVE) {
                next.violation = "REJECTED, and is a live key that had been returned as issued";
            }
            next.nodes[number].verifications[index].end();
            choices.add(next, number, how, accepts ? ": accepts" : ": rejects");
        }

        private void end(String what) {
            step(what, Verification::end);
        }

        private void step(String what, Consumer<Verification> change) {
            step(what, "", change);
        }

        private void step(String what, String more, Consumer<Verification> change) {
            State next = state.copy();
            change.accept(next.nodes[number].verifications[index]);
            choices.add(next, number, what, more);
        }
    }
}
