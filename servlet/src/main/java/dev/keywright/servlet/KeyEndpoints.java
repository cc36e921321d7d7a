package dev.keywright.servlet;

import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.KeyName;
import dev.keywright.Scopes;
import dev.keywright.management.KeyChange;
import dev.keywright.management.KeyPage;
import dev.keywright.management.KeyQuery;
import dev.keywright.management.NewKey;
import dev.keywright.management.PageCursor;
import dev.keywright.servlet.Endpoint.Call;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Implementations of the {@linkplain Endpoint#TABLE endpoints}, one method each. */
final class KeyEndpoints {

    static final Field<String> STATUS = Field.text("status");
    static final Field<Integer> LIMIT =
            Field.number("limit", "must be a number from 1 to " + KeyQuery.MAX_LIMIT, BigDecimal::intValueExact);
    static final Field<PageCursor> CURSOR =
            Field.text("cursor", "must be one that a page of this list ended with", PageCursor::of);
    static final Field<Duration> DAYS = Field.duration("days", Duration.ofDays(1));
    static final Field<Duration> QUIET_HOURS = Field.duration("quiet_hours", Duration.ofHours(1));

    private static final Field<String> NAME = Field.text("name");
    private static final Field<List<String>> SCOPES = Field.texts("scopes");
    private static final Field<Instant> EXPIRES_AT = Field.number(
            "expires_at",
            "must be a time in Unix milliseconds, as a whole number",
            number -> Instant.ofEpochMilli(number.longValueExact()));
    private static final Field<Long> VERSION = Field.number(
            "version",
            "must be the version that the API key was read with, as a whole number",
            BigDecimal::longValueExact);
    private static final Field<Duration> OVERLAP_HOURS = Field.duration("overlap_hours", Duration.ofHours(1));
    private static final Field<List<String>> IDS = Field.texts("ids");
    private static final Field<String> REASON = Field.text("reason");

    private static final int MAX_IDS = 1000;

    /** Sufficient for {@link #MAX_IDS} ids of maximum length and a reason. */
    private static final int MAX_IDS_KIB = 128;

    private KeyEndpoints() {}

    static JsonResponse list(Call call) {
        if (call.query().isEmpty()) {
            return JsonResponse.of(
                    200,
                    KeyJson.plain(call.keys().stream(KeyQuery.active().limit(KeyQuery.MAX_LIMIT))
                            .toList()));
        }
        String status = call.query().find(STATUS).orElse("active");
        int limit = call.query().find(LIMIT).orElse(KeyQuery.DEFAULT_LIMIT);
        KeyQuery first = BadRequestException.check(queryFor(status)::limit, limit);
        KeyPage<ApiKey> page =
                call.keys().list(call.query().find(CURSOR).map(first::from).orElse(first));
        JsonResponse response = JsonResponse.of(200, KeyJson.full(page.items()));
        return page.next()
                .map(next -> response.with("Link", nextLink(status, limit, next)))
                .orElse(response);
    }

    private static KeyQuery queryFor(String status) {
        return switch (status) {
            case "active" -> KeyQuery.active();
            case "all" -> KeyQuery.all();
            case "revoked" -> KeyQuery.revoked();
            case "expired" -> KeyQuery.expired();
            default -> throw new BadRequestException("status", "must be active, all, revoked or expired");
        };
    }

    /**
     * {@return the link to the next page (RFC 8288)} The link is relative to the request, since a proxy may have changed the path.
     * A cursor needs no encoding.
     */
    private static String nextLink(String status, int limit, PageCursor cursor) {
        return "<?status=" + status + "&limit=" + limit + "&cursor=" + cursor + ">; rel=\"next\"";
    }

    static JsonResponse create(Call call) {
        RequestInput body = call.body(NAME, SCOPES, EXPIRES_AT);
        NewKey newKey = NewKey.named(BadRequestException.check(KeyName::of, body.get(NAME)))
                .allowing(BadRequestException.check(KeyEndpoints::scopes, body.get(SCOPES)));
        Optional<Instant> expiry = body.find(EXPIRES_AT);
        return JsonResponse.of(
                201,
                KeyJson.issued(call.keys().issue(expiry.map(newKey::expiringAt).orElse(newKey))));
    }

    private static Scopes scopes(List<String> texts) {
        return Scopes.of(texts.toArray(String[]::new));
    }

    static JsonResponse get(Call call) {
        return JsonResponse.of(200, KeyJson.full(call.keys().get(call.id())));
    }

    static JsonResponse change(Call call) {
        RequestInput body = call.body(VERSION, NAME, SCOPES);
        KeyChange change = KeyChange.ifVersion(body.get(VERSION));
        Optional<KeyName> name = body.find(NAME).map(text -> BadRequestException.check(KeyName::of, text));
        change = name.map(change::rename).orElse(change);
        Optional<Scopes> scopes =
                body.find(SCOPES).map(texts -> BadRequestException.check(KeyEndpoints::scopes, texts));
        change = scopes.map(change::rescope).orElse(change);
        return JsonResponse.of(200, KeyJson.full(call.keys().change(call.id(), change)));
    }

    static JsonResponse revoke(Call call) {
        call.keys().revoke(call.id(), "");
        return JsonResponse.of(200, Json.ok());
    }

    static JsonResponse rotate(Call call) {
        Duration overlap = call.body(OVERLAP_HOURS).get(OVERLAP_HOURS);
        return JsonResponse.of(201, KeyJson.rotated(call.keys().rotate(call.id(), overlap)));
    }

    static JsonResponse rotation(Call call) {
        Duration quiet = call.query().get(QUIET_HOURS);
        return JsonResponse.of(200, KeyJson.progress(call.keys().reports().rotation(call.id(), quiet)));
    }

    static JsonResponse completeRotation(Call call) {
        call.keys().completeRotation(call.id());
        return JsonResponse.of(200, Json.ok());
    }

    static JsonResponse revokeSeveral(Call call) {
        RequestInput body = call.body(MAX_IDS_KIB, IDS, REASON);
        List<String> ids = body.get(IDS);
        if (ids.isEmpty() || ids.size() > MAX_IDS) {
            throw new BadRequestException("ids", "must have 1 to " + MAX_IDS + " ids");
        }
        List<KeyId> keyIds = ids.stream().map(Endpoint::id).toList();
        call.keys().revoke(keyIds, body.find(REASON).orElse(""));
        return JsonResponse.of(200, Json.ok());
    }

    /** A reason is required: it documents the incident for later readers. */
    static JsonResponse revokeAll(Call call) {
        String reason = call.body(REASON).get(REASON);
        if (reason.isBlank()) {
            throw new BadRequestException("reason", "must not be blank");
        }
        return JsonResponse.of(200, Json.revoked(call.keys().revokeAll(reason)));
    }

    static JsonResponse unused(Call call) {
        return JsonResponse.of(
                200, KeyJson.full(call.keys().reports().unusedFor(call.query().get(DAYS))));
    }

    static JsonResponse unusedScopes(Call call) {
        return JsonResponse.of(200, KeyJson.unusedScopes(call.keys().reports().unusedScopes()));
    }

    static JsonResponse expiring(Call call) {
        return JsonResponse.of(
                200,
                KeyJson.full(call.keys().reports().expiringWithin(call.query().get(DAYS))));
    }

    static JsonResponse onOtherPeppers(Call call) {
        return JsonResponse.of(200, KeyJson.full(call.keys().reports().onOtherPeppers()));
    }
}
