package dev.keywright.core.event;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.Rejected;
import dev.keywright.Revocation;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.management.KeyListener;
import dev.keywright.management.ManagementSession;
import java.time.Duration;
import java.util.Locale;
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

    LoggingListener() {
        this(LoggerFactory.getLogger("dev.keywright.events"));
    }

    LoggingListener(Logger log) {
        this.log = log;
    }

    @Override
    public void issued(ApiKey key) {
        if (log.isInfoEnabled()) {
            LogLine line =
                    LogLine.of("key.issued", key).text("scopes", key.scopes()).text("by", key.createdBy());
            key.expiresAt().ifPresent(expiry -> line.plain("expires_at", expiry));
            log.info(line.toString());
        }
    }

    @Override
    public void changed(ApiKey before, ApiKey after, Actor by) {
        if (log.isInfoEnabled()) {
            LogLine line = LogLine.of("key.changed", after).text("scopes", after.scopes());
            if (!before.name().equals(after.name())) {
                line.text("name_before", before.name());
            }
            if (!before.scopes().equals(after.scopes())) {
                line.text("scopes_before", before.scopes());
            }
            log.info(line.text("by", by).toString());
        }
    }

    @Override
    public void rotated(ApiKey predecessor, ApiKey successor) {
        if (log.isInfoEnabled()) {
            LogLine line = LogLine.of("key.rotated", predecessor)
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
            LogLine line = LogLine.of("key.revoked", key);
            key.revocation().ifPresent(revocation -> describe(revocation, line));
            log.info(line.toString());
        }
    }

    @Override
    public void revokedAll(TenantId tenant, long keys, Revocation revocation) {
        if (log.isInfoEnabled()) {
            LogLine line = LogLine.of("keys.revoked_all", tenant).plain("keys", keys);
            describe(revocation, line);
            log.info(line.toString());
        }
    }

    @Override
    public void revokedCreatedBy(TenantId tenant, UserId creator, long keys, Revocation revocation) {
        if (log.isInfoEnabled()) {
            LogLine line = LogLine.of("keys.revoked_created_by", tenant)
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
            LogLine line = LogLine.of("key.expiring", key);
            key.expiresAt().ifPresent(expiry -> line.plain("expires_at", expiry));
            log.warn(line.plain("warning", warning).toString());
        }
    }

    @Override
    public void barrierPassed(Duration wait) {
        if (log.isDebugEnabled()) {
            log.debug(
                    LogLine.of("write.waited").plain("millis", wait.toMillis()).toString());
        }
    }

    @Override
    public void managementRefused(ManagementSession session, String why, long heldBack) {
        if (log.isWarnEnabled()) {
            log.warn(LogLine.of("management.refused", session.tenant())
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
            LogLine line = rejected.key().map(key -> LogLine.of(event, key)).orElseGet(() -> LogLine.of(event));
            line.plain("reason", rejected.reason().name().toLowerCase(Locale.ROOT));
            rejected.missingScope().ifPresent(scope -> line.text("missing_scope", scope));
            log.warn(line.plain("held_back", heldBack).toString());
        }
    }
}
