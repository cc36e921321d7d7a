package dev.keywright.core.event;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.KeyOwner;
import dev.keywright.Rejected;
import dev.keywright.Revocation;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.management.KeyListener;
import dev.keywright.management.ManagementSession;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one {@linkplain LogLine line} for each event to the logger {@code dev.keywright.events}: changes by people and jobs at INFO,
 * refusals, rejections and keys that expire soon at WARN, the wait of a write at DEBUG. A line is only built if its level is enabled.
 *
 * <p>All data is in the message, because most logging back ends print nothing else. Thread-safe.
 */
final class LoggingListener implements KeyListener {

    private final Logger log;
    private final Predicate<String> isKeyIn;

    /**
     * Creates the listener.
     *
     * @param isKeyIn whether a text contains the text of a key; such a text is not written
     */
    LoggingListener(Predicate<String> isKeyIn) {
        this(LoggerFactory.getLogger("dev.keywright.events"), isKeyIn);
    }

    LoggingListener(Logger log, Predicate<String> isKeyIn) {
        this.log = log;
        this.isKeyIn = isKeyIn;
    }

    private LogLine line(String event) {
        return new LogLine(event, isKeyIn);
    }

    private LogLine line(String event, TenantId tenant) {
        return line(event).text("tenant", tenant);
    }

    /** {@return the start of a line about one key} */
    private LogLine line(String event, ApiKey key) {
        return line(event, key.tenant())
                .plain("key", key.id())
                .text("name", key.name())
                .text("hint", key.hint());
    }

    @Override
    public void issued(ApiKey key) {
        if (log.isInfoEnabled()) {
            LogLine line = line("key.issued", key).text("scopes", key.scopes()).text("by", key.createdBy());
            key.owner().ifPresent(owner -> line.text("owner", owner));
            key.expiresAt().ifPresent(expiry -> line.plain("expires_at", expiry));
            log.info(line.toString());
        }
    }

    @Override
    public void changed(ApiKey before, ApiKey after, Actor by) {
        if (log.isInfoEnabled()) {
            LogLine line = line("key.changed", after).text("scopes", after.scopes());
            if (!before.name().equals(after.name())) {
                line.text("name_before", before.name());
            }
            if (!before.scopes().equals(after.scopes())) {
                line.text("scopes_before", before.scopes());
            }
            if (!before.owner().equals(after.owner())) {
                before.owner().ifPresent(owner -> line.text("owner_before", owner));
                after.owner().ifPresent(owner -> line.text("owner", owner));
            }
            // Free texts of people are too long for a line; a listener gets both keys.
            if (!before.description().equals(after.description())) {
                line.plain("description", "changed");
            }
            if (!before.attributes().equals(after.attributes())) {
                line.plain("attributes", "changed");
            }
            log.info(line.text("by", by).toString());
        }
    }

    @Override
    public void rotated(ApiKey predecessor, ApiKey successor) {
        if (log.isInfoEnabled()) {
            LogLine line = line("key.rotated", predecessor)
                    .plain("successor", successor.id())
                    .text("successor_hint", successor.hint())
                    .text("by", successor.createdBy());
            predecessor.expiresAt().ifPresent(expiry -> line.plain("expires_at", expiry));
            predecessor.revocation().ifPresent(revocation -> line.plain("revoked_at", revocation.at()));
            log.info(line.toString());
        }
    }

    @Override
    public void revoked(ApiKey key) {
        if (log.isInfoEnabled()) {
            LogLine line = line("key.revoked", key);
            key.revocation().ifPresent(revocation -> describe(revocation, line));
            log.info(line.toString());
        }
    }

    @Override
    public void suspended(ApiKey key) {
        if (log.isInfoEnabled()) {
            LogLine line = line("key.suspended", key);
            key.suspension()
                    .ifPresent(suspension -> line.text("reason", suspension.reason())
                            .text("by", suspension.by())
                            .plain("suspended_at", suspension.at()));
            log.info(line.toString());
        }
    }

    @Override
    public void resumed(ApiKey key, Actor by) {
        if (log.isInfoEnabled()) {
            log.info(line("key.resumed", key).text("by", by).toString());
        }
    }

    @Override
    public void revokedAll(TenantId tenant, long keys, Revocation revocation) {
        if (log.isInfoEnabled()) {
            LogLine line = line("keys.revoked_all", tenant).plain("keys", keys);
            describe(revocation, line);
            log.info(line.toString());
        }
    }

    @Override
    public void revokedOwnedBy(TenantId tenant, KeyOwner owner, long keys, Revocation revocation) {
        if (log.isInfoEnabled()) {
            LogLine line =
                    line("keys.revoked_owned_by", tenant).text("owner", owner).plain("keys", keys);
            describe(revocation, line);
            log.info(line.toString());
        }
    }

    @Override
    public void revokedCreatedBy(TenantId tenant, UserId creator, long keys, Revocation revocation) {
        if (log.isInfoEnabled()) {
            LogLine line = line("keys.revoked_created_by", tenant)
                    .text("creator", creator)
                    .plain("keys", keys);
            describe(revocation, line);
            log.info(line.toString());
        }
    }

    private static void describe(Revocation revocation, LogLine line) {
        line.text("reason", revocation.reason()).text("by", revocation.by()).plain("revoked_at", revocation.at());
    }

    @Override
    public void expiring(ApiKey key, Duration warning) {
        if (log.isWarnEnabled()) {
            LogLine line = line("key.expiring", key);
            key.expiresAt().ifPresent(expiry -> line.plain("expires_at", expiry));
            log.warn(line.plain("warning", warning).toString());
        }
    }

    @Override
    public void barrierPassed(Duration wait) {
        if (log.isDebugEnabled()) {
            log.debug(line("write.waited").plain("millis", wait.toMillis()).toString());
        }
    }

    @Override
    public void managementRefused(ManagementSession session, String why, long heldBack) {
        if (log.isWarnEnabled()) {
            log.warn(line("management.refused", session.tenant())
                    .text("user", session.user())
                    .text("why", why)
                    .plain("held_back", heldBack)
                    .toString());
        }
    }

    @Override
    public void verificationRejected(Rejected rejected, long heldBack) {
        if (log.isWarnEnabled()) {
            String event = "verification.rejected";
            LogLine line = rejected.key().map(key -> line(event, key)).orElseGet(() -> line(event));
            line.plain("reason", rejected.reason().name().toLowerCase(Locale.ROOT));
            rejected.missingScope().ifPresent(scope -> line.text("missing_scope", scope));
            log.warn(line.plain("held_back", heldBack).toString());
        }
    }
}
