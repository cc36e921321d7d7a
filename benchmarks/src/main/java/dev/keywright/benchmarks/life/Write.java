package dev.keywright.benchmarks.life;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.KeyConflictException;
import dev.keywright.KeyId;
import dev.keywright.Secret;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.KeyChange;
import dev.keywright.management.NewKey;
import dev.keywright.management.Rotation;
import dev.keywright.spi.StoredValues;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What changes keys: it is noted before and after, and how it went is compared with what it should come to. */
final class Write {

    private final Model model;

    Write(Model model) {
        this.model = model;
    }

    /**
     * Issues a key.
     *
     * @param node by which node
     * @param tenant whose key
     * @param request what is wanted
     * @param lifetime when it is to end; null where it is not
     * @param by who asks
     * @return the key
     */
    KeyHistory issue(Node node, TenantHistory tenant, NewKey request, @Nullable Duration lifetime, Actor by) {
        long begun = model.tick();
        Instant from = model.now();
        NewKey asked = lifetime == null ? request : request.expiringAfter(lifetime);
        IssuedKey issued = node.keysOf(tenant, by).issue(asked);
        Span span = new Span(from, model.now());
        ApiKey key = issued.key();
        ApiKey expected = StoredValues.keyBuilder()
                .id(key.id())
                .hint(key.hint())
                .tenant(tenant.id())
                .name(request.name())
                .scopes(request.scopes())
                .createdAt(key.createdAt())
                .createdBy(by)
                .expiresAt(lifetime == null ? null : key.createdAt().plus(lifetime))
                .lifetime(lifetime)
                .build();
        KeyHistory history = born(node, tenant, issued, null, begun, by);
        model.tally().check();
        if (!key.equals(expected) || !span.holds(key.createdAt())) {
            history.fault("issued as " + KeyHistory.text(key) + ", created at " + key.createdAt() + " by "
                    + key.createdBy() + ", not as " + KeyHistory.text(expected) + " within " + span);
        }
        return history;
    }

    private KeyHistory born(
            Node node, TenantHistory tenant, IssuedKey issued, @Nullable KeyHistory predecessor, long begun, Actor by) {
        KeyHistory key = new KeyHistory(model, tenant, issued.secret(), predecessor, issued.key(), begun);
        model.tally().check();
        if (!issued.secret().reveal().endsWith(issued.key().hint())) {
            key.fault("the hint is not the end of the key");
        }
        List<Attempt> over = tenant.add(key);
        model.add(key);
        over.forEach(attempt -> look(node, key, attempt, by));
        return key;
    }

    /** Finds out what has become of a key, where the answer to a change does not say. */
    private void look(Node node, KeyHistory key, Attempt attempt, Actor by) {
        Look look = key.look();
        ApiKey row = node.keysOf(key.tenant(), by).get(key.first().id());
        key.saw(look, row, "a get");
        key.answered(attempt, row);
    }

    /** Does something to a key, the answer to which is the key as it now is. */
    private void attempt(Step step, KeyHistory key, Attempt attempt, Supplier<ApiKey> call) {
        try {
            key.answered(attempt, call.get());
        } catch (KeyConflictException refused) {
            model.tally().count("refused: " + step + ", " + refused.rule());
            key.refused(attempt, refused.rule());
        } catch (RuntimeException unforeseen) {
            key.failed(attempt, unforeseen);
        }
    }

    /** Renames or re-scopes a key. */
    void change(Step step, Node node, KeyHistory key, KeyChange change, Actor by) {
        Attempt attempt = key.begin(new Deed.Change(change));
        attempt(
                step,
                key,
                attempt,
                () -> node.keysOf(key.tenant(), by).change(key.first().id(), change));
    }

    /**
     * Rotates a key.
     *
     * @return the key that takes its place; empty where it was refused
     */
    Optional<KeyHistory> rotate(Node node, KeyHistory key, Duration overlap, Actor by) {
        Instant from = model.now();
        boolean mayBeRefused =
                key.predecessor().filter(old -> old.mayWork(from)).isPresent();
        Optional<KeyId> deadSuccessor = key.latest()
                .successor()
                .filter(id -> model.find(id).filter(next -> !next.mayWork(from)).isPresent());
        Deed.Rotate deed = new Deed.Rotate(by, overlap, mayBeRefused, deadSuccessor, this::mustHaveWorked);
        Attempt attempt = key.begin(deed);
        List<KeyHistory> next = new ArrayList<>();
        attempt(Step.ROTATE, key, attempt, () -> {
            Rotation rotation = node.keysOf(key.tenant(), by).rotate(key.first().id(), overlap);
            deed.to(rotation.successor().key());
            Span span = new Span(from, model.now());
            next.add(born(node, key.tenant(), rotation.successor(), key, attempt.begun(), by));
            if (key.predecessor()
                    .flatMap(KeyHistory::settled)
                    .filter(span::mustWork)
                    .isPresent()) {
                key.fault("rotated by " + attempt + ", although it took the place of a key that still works");
            }
            return rotation.predecessor();
        });
        return next.stream().findFirst();
    }

    private boolean mustHaveWorked(KeyId id, Span span) {
        return model.find(id)
                .flatMap(KeyHistory::settled)
                .filter(span::mustWork)
                .isPresent();
    }

    /** Ends the rotation of a key. */
    void endRotation(Node node, KeyHistory key, Actor by) {
        Attempt attempt = key.begin(new Deed.EndRotation(by));
        attempt(
                Step.END_ROTATION,
                key,
                attempt,
                () -> node.keysOf(key.tenant(), by).completeRotation(key.first().id()));
    }

    /** Revokes a key. */
    void revoke(Node node, KeyHistory key, Actor by) {
        String reason = "no longer needed";
        Attempt attempt = key.begin(new Deed.Revoke(by, reason));
        attempt(
                Step.REVOKE,
                key,
                attempt,
                () -> revoked(
                        key, node.keysOf(key.tenant(), by).revoke(key.first().id(), reason)));
    }

    private static ApiKey revoked(KeyHistory key, ApiKey row) {
        if (row.revocation().isEmpty()) {
            key.fault("it was answered that it is revoked, and it is not: " + KeyHistory.text(row));
        }
        return row;
    }

    /** Revokes several keys of one tenant in one call. */
    void revokeSeveral(Node node, List<KeyHistory> keys, Actor by) {
        String reason = "several at once";
        List<KeyId> ids = keys.stream().map(key -> key.first().id()).toList();
        List<Attempt> attempts =
                keys.stream().map(key -> key.begin(new Deed.Revoke(by, reason))).toList();
        List<ApiKey> rows = node.keysOf(keys.get(0).tenant(), by).revoke(ids, reason);
        for (int i = 0; i < keys.size(); i++) {
            ApiKey row = rows.get(i);
            KeyHistory key = keys.get(i);
            attempt(Step.REVOKE_SEVERAL, key, attempts.get(i), () -> revoked(key, row));
        }
    }

    /** Revokes a key for somebody who has found it; sometimes it is none. */
    void revokeByPossession(Node node, KeyHistory key, boolean forged, Actor by) {
        String reason = "found by " + by.name();
        if (forged) {
            model.tally().check();
            if (node.keys().revokeByPossession(Secret.of(Read.forged(key)), reason)) {
                key.fault("a forged key was taken for one of ours");
            }
            return;
        }
        Attempt attempt = key.begin(new Deed.Revoke(StoredValues.holder(), reason));
        boolean ours = node.keys().revokeByPossession(Secret.of(key.secret().reveal()), reason);
        model.tally().check();
        if (!ours) {
            key.fault("a key of ours was not taken for one");
        }
        key.isDead();
        look(node, key, attempt, by);
    }

    /** Revokes all keys of a tenant. */
    void revokeAll(Node node, TenantHistory tenant, Actor by) {
        String reason = "all at once";
        RevokeAll revokeAll = tenant.begin(new Deed.Revoke(by, reason));
        long changed = node.keysOf(tenant, by).revokeAll(reason);
        Map<KeyHistory, Attempt> attempts = tenant.end(revokeAll, changed);
        attempts.forEach((key, attempt) -> look(node, key, attempt, by));
    }
}
