package dev.keywright.benchmarks.life;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.KeyConflictException;
import dev.keywright.KeyNotFoundException;
import dev.keywright.Rejected;
import dev.keywright.Scope;
import dev.keywright.Verification;
import dev.keywright.Verified;
import dev.keywright.management.KeyChange;
import dev.keywright.management.TenantKeys;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What changes no key: each answer is compared with what the key can have been while it was asked for. */
final class Read {

    private final Model model;

    Read(Model model) {
        this.model = model;
    }

    /**
     * Presents a key.
     *
     * @param node to whom
     * @param key the key
     * @param scope for what; null where nobody asks
     */
    void verify(Node node, KeyHistory key, @Nullable Scope scope) {
        key.uses().ask(scope);
        Look look = key.look();
        String text = key.secret().reveal();
        Verification verification =
                scope == null ? node.keys().verify(text) : node.keys().verify(text, scope);
        Span span = new Span(look.from(), model.now());
        if (key.wasChangedSince(look)) {
            model.tally().count("verifications that overlapped a change of their key");
        }
        model.tally().check();
        if (verification instanceof Verified verified) {
            key.uses().accept(node, scope, span);
            model.tally().count("verified");
            if (!isRight(verified, scope, span)) {
                key.fault(asked(node, scope, span) + " was wrongly verified: " + KeyHistory.text(verified.key()));
            }
            key.saw(look, verified.key(), asked(node, scope, span));
        } else {
            rejected((Rejected) verification, node, key, scope, look, span);
        }
    }

    private static boolean isRight(Verified verified, @Nullable Scope scope, Span span) {
        ApiKey row = verified.key();
        return span.mayWork(row)
                && row.usage().isEmpty()
                && verified.tenant().equals(row.tenant())
                && row.scopes().asList().stream().allMatch(verified::allows)
                && (scope == null || row.scopes().asList().contains(scope));
    }

    private void rejected(Rejected rejected, Node node, KeyHistory key, @Nullable Scope scope, Look look, Span span) {
        model.tally().count("rejected: " + rejected.reason());
        if (rejected.key().isEmpty()) {
            key.fault(asked(node, scope, span) + " was " + rejected);
            return;
        }
        ApiKey row = rejected.key().get();
        boolean right = switch (rejected.reason()) {
            case REVOKED -> row.revocation().isPresent();
            case EXPIRED -> span.mayHaveExpired(row);
            case MISSING_SCOPE ->
                span.mayWork(row)
                        && scope != null
                        && !row.scopes().asList().contains(scope)
                        && rejected.missingScope().filter(scope::equals).isPresent();
            case MALFORMED, UNKNOWN -> false;
        };
        if (!right) {
            key.fault(asked(node, scope, span) + " was wrongly " + rejected + ": " + KeyHistory.text(row));
        }
        key.saw(look, row, asked(node, scope, span));
    }

    private static String asked(Node node, @Nullable Scope scope, Span span) {
        return "a verification by node " + node.number() + (scope == null ? "" : " for " + scope) + " at " + span;
    }

    /** Presents a text that is nearly a key. */
    void verifyForged(Node node, KeyHistory key) {
        String forged = forged(key);
        Verification verification = node.keys().verify(forged);
        model.tally().check();
        if (!(verification instanceof Rejected rejected) || rejected.key().isPresent()) {
            model.faults().add("a forged key was " + verification);
        }
    }

    /** {@return the text of a key, with another character in it} */
    static String forged(KeyHistory key) {
        StringBuilder text = new StringBuilder(key.secret().reveal());
        int middle = text.length() / 2;
        text.setCharAt(middle, text.charAt(middle) == 'a' ? 'b' : 'a');
        return text.toString();
    }

    /** Reads a key as those do who manage it. */
    void get(Node node, KeyHistory key, Actor by) {
        Look look = key.look();
        saw(node.keysOf(key.tenant(), by).get(key.first().id()), key, look);
    }

    private void saw(ApiKey row, KeyHistory key, Look look) {
        if (!key.uses().mayBe(row.usage())) {
            key.fault("the usage " + row.usage() + ", but it was " + key.uses());
        }
        key.saw(look, row, "a get");
    }

    /** Asks for a key as those do who manage another tenant's: for them it is not there, and nothing happens to it. */
    void askElsewhere(Node node, KeyHistory key, TenantHistory other, int what, Actor by) {
        TenantKeys keys = node.keysOf(other, by);
        model.tally().check();
        try {
            switch (what) {
                case 0 -> keys.get(key.first().id());
                case 1 -> keys.revoke(key.first().id(), "not theirs");
                case 2 -> keys.rotate(key.first().id(), Duration.ZERO);
                case 3 -> keys.completeRotation(key.first().id());
                default ->
                    keys.change(
                            key.first().id(),
                            KeyChange.ifVersion(key.latest().version()).rename("Theirs"));
            }
            key.fault("another tenant was not refused it");
        } catch (KeyNotFoundException right) {
            model.tally().count("refused: another tenant's key");
        } catch (KeyConflictException wrong) {
            key.fault("another tenant was told of it: " + wrong);
        }
    }

    /** Lets a node write down how keys were used, and looks whether it has done so for one that still works. */
    void writeUsesDown(Node node, KeyHistory key, Actor by) {
        long accepted = key.uses().acceptedBy(node);
        node.housekeeping().run();
        Look look = key.look();
        ApiKey row = node.keysOf(key.tenant(), by).get(key.first().id());
        Instant now = model.now();
        saw(row, key, look);
        long count = row.usage().map(usage -> usage.count()).orElse(0L);
        model.tally().check();
        if (new Span(now, now).mayWork(row) && count < accepted) {
            key.fault("only " + count + " uses were written down by then, of " + accepted);
        }
    }
}
