package dev.keywright.servlet;

import dev.keywright.ApiKey;
import dev.keywright.KeyAttributes;
import dev.keywright.KeyId;
import dev.keywright.KeyName;
import dev.keywright.KeyOwner;
import dev.keywright.Scopes;
import dev.keywright.UserId;
import dev.keywright.management.KeyChange;
import dev.keywright.management.KeyPage;
import dev.keywright.management.KeyQuery;
import dev.keywright.management.ManagedKeys;
import dev.keywright.management.NewKey;
import dev.keywright.management.Rotation;
import dev.keywright.management.TenantKeys;
import dev.keywright.servlet.Endpoint.Call;
import jakarta.servlet.http.HttpServletRequest;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Implementations of the {@linkplain Endpoint#TABLE endpoints}: one method each, and a second one for own keys if permitted. */
final class KeyEndpoints {

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
    private static final Field<String> ENVIRONMENT = Field.text("environment");
    private static final Field<String> OWNER = Field.text("owner");
    private static final Field<String> DESCRIPTION = Field.text("description");
    private static final Field<Map<String, String>> ATTRIBUTES = Field.map("attributes");
    private static final Field<String> PREFIX = Field.text("prefix");
    private static final Field<Boolean> ALSO_CREATED = Field.flag("also_created");

    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";
    private static final Pattern VISIBLE_ASCII = Pattern.compile("[!-~]{1,255}");

    /** Sufficient for a key whose fields have their maximum length, with all characters beyond ASCII escaped: 12 bytes each. */
    private static final int MAX_KEY_KIB = 64;

    private static final int MAX_IDS = 1000;

    /** Sufficient for {@link #MAX_IDS} ids of maximum length and a reason. */
    private static final int MAX_IDS_KIB = 128;

    private KeyEndpoints() {}

    static JsonResponse list(Call<? extends ManagedKeys> call) {
        if (call.query().isEmpty()) {
            return JsonResponse.of(
                    200,
                    KeyJson.plain(call.keys().stream(KeyQuery.active().limit(KeyQuery.MAX_LIMIT))
                            .toList()));
        }
        KeyPage<ApiKey> page = call.keys().list(KeyListQuery.of(call.query()));
        JsonResponse response = JsonResponse.of(200, KeyJson.full(page.items()));
        return page.next()
                .map(next -> response.with("Link", KeyListQuery.nextLink(call.query(), next)))
                .orElse(response);
    }

    static JsonResponse create(Call<? extends ManagedKeys> call) {
        return JsonResponse.of(201, KeyJson.issued(call.keys().issue(newKey(call))));
    }

    private static NewKey newKey(Call<?> call) {
        RequestInput body =
                call.body(MAX_KEY_KIB, NAME, SCOPES, EXPIRES_AT, ENVIRONMENT, OWNER, DESCRIPTION, ATTRIBUTES);
        NewKey newKey = NewKey.named(BadRequestException.check(KeyName::of, body.get(NAME)))
                .allowing(BadRequestException.check(KeyEndpoints::scopes, body.get(SCOPES)));
        newKey = body.find(EXPIRES_AT).map(newKey::expiringAt).orElse(newKey);
        newKey = body.find(ENVIRONMENT).map(newKey::environment).orElse(newKey);
        newKey = body.find(OWNER).map(KeyEndpoints::owner).map(newKey::ownedBy).orElse(newKey);
        if (body.find(DESCRIPTION).isPresent()) {
            newKey = BadRequestException.check(newKey::describedAs, body.get(DESCRIPTION));
        }
        newKey = attributes(body).map(newKey::attributes).orElse(newKey);
        return idempotencyKey(call.request()).map(newKey::idempotencyKey).orElse(newKey);
    }

    private static KeyOwner owner(String text) {
        return BadRequestException.check(KeyOwner::parse, text);
    }

    private static Optional<KeyAttributes> attributes(RequestInput body) {
        return body.find(ATTRIBUTES).map(map -> BadRequestException.check(KeyAttributes::of, map));
    }

    /**
     * {@return the idempotency key} Only visible ASCII: containers decode other characters differently, and a proxy may join
     * repeated headers with a comma and a space.
     */
    private static Optional<String> idempotencyKey(HttpServletRequest request) {
        List<String> values = Collections.list(request.getHeaders(IDEMPOTENCY_KEY));
        if (values.size() > 1) {
            throw new BadRequestException("the header " + IDEMPOTENCY_KEY, "must be sent once");
        }
        if (!values.stream().allMatch(VISIBLE_ASCII.asMatchPredicate())) {
            throw new BadRequestException(
                    "the header " + IDEMPOTENCY_KEY, "must be 1 to 255 visible ASCII characters, without spaces");
        }
        return values.stream().findFirst();
    }

    private static Scopes scopes(List<String> texts) {
        return Scopes.of(texts.toArray(String[]::new));
    }

    static JsonResponse get(Call<? extends ManagedKeys> call) {
        return JsonResponse.of(200, KeyJson.full(call.keys().get(call.id())));
    }

    static JsonResponse change(Call<TenantKeys> call) {
        RequestInput body = call.body(MAX_KEY_KIB, VERSION, NAME, SCOPES, OWNER, DESCRIPTION, ATTRIBUTES);
        KeyChange change = KeyChange.ifVersion(body.get(VERSION));
        Optional<KeyName> name = body.find(NAME).map(text -> BadRequestException.check(KeyName::of, text));
        change = name.map(change::rename).orElse(change);
        Optional<Scopes> scopes =
                body.find(SCOPES).map(texts -> BadRequestException.check(KeyEndpoints::scopes, texts));
        change = scopes.map(change::rescope).orElse(change);
        change = changeOwner(change, body);
        change = changeDescription(change, body);
        change = attributes(body).map(change::attributes).orElse(change);
        return JsonResponse.of(200, KeyJson.full(call.keys().change(call.id(), change)));
    }

    /** A null removes the owner. */
    private static KeyChange changeOwner(KeyChange change, RequestInput body) {
        if (body.isNull(OWNER)) {
            return change.withoutOwner();
        }
        return body.find(OWNER).map(KeyEndpoints::owner).map(change::transferTo).orElse(change);
    }

    /** A null removes the description, as an empty text does. */
    private static KeyChange changeDescription(KeyChange change, RequestInput body) {
        if (body.isNull(DESCRIPTION)) {
            return change.describe("");
        }
        return body.find(DESCRIPTION)
                .map(text -> BadRequestException.check(change::describe, text))
                .orElse(change);
    }

    static JsonResponse revoke(Call<? extends ManagedKeys> call) {
        call.keys().revoke(call.id(), "");
        return JsonResponse.of(200, Json.ok());
    }

    static JsonResponse suspend(Call<TenantKeys> call) {
        String reason = call.optionalBody(REASON).find(REASON).orElse("");
        return JsonResponse.of(200, KeyJson.full(call.keys().suspend(call.id(), reason)));
    }

    static JsonResponse resume(Call<TenantKeys> call) {
        call.optionalBody();
        return JsonResponse.of(200, KeyJson.full(call.keys().resume(call.id())));
    }

    static JsonResponse rotate(Call<? extends ManagedKeys> call) {
        RequestInput body = call.body(OVERLAP_HOURS, PREFIX);
        Duration overlap = body.get(OVERLAP_HOURS);
        Rotation rotation = body.find(PREFIX)
                .map(prefix -> call.keys().rotate(call.id(), overlap, prefix))
                .orElseGet(() -> call.keys().rotate(call.id(), overlap));
        return JsonResponse.of(201, KeyJson.rotated(rotation));
    }

    static JsonResponse rotation(Call<TenantKeys> call) {
        Duration quiet = call.query().get(QUIET_HOURS);
        return JsonResponse.of(200, KeyJson.progress(call.keys().reports().rotation(call.id(), quiet)));
    }

    static JsonResponse completeRotation(Call<? extends ManagedKeys> call) {
        call.keys().completeRotation(call.id());
        return JsonResponse.of(200, Json.ok());
    }

    static JsonResponse revokeSeveral(Call<TenantKeys> call) {
        RequestInput body = call.body(MAX_IDS_KIB, IDS, REASON);
        List<String> ids = body.get(IDS);
        if (ids.isEmpty() || ids.size() > MAX_IDS) {
            throw new BadRequestException("ids", "must have 1 to " + MAX_IDS + " ids");
        }
        List<KeyId> keyIds = ids.stream().map(Endpoint::id).toList();
        call.keys().revoke(keyIds, body.find(REASON).orElse(""));
        return JsonResponse.of(200, Json.ok());
    }

    static JsonResponse revokeAll(Call<TenantKeys> call) {
        String reason = requiredReason(call.body(REASON));
        return JsonResponse.of(200, Json.revoked(call.keys().revokeAll(reason)));
    }

    /** Revokes the keys of an owner, and on request those that the person created. Two writes; both are safe to repeat. */
    static JsonResponse revokeOwned(Call<TenantKeys> call) {
        RequestInput body = call.body(OWNER, REASON, ALSO_CREATED);
        KeyOwner owner = owner(body.get(OWNER));
        String reason = requiredReason(body);
        boolean alsoCreated = body.find(ALSO_CREATED).orElse(false);
        if (alsoCreated && owner.kind() != KeyOwner.Kind.PERSON) {
            throw new BadRequestException("also_created", "must not be true for a service, which creates no keys");
        }
        long revoked = call.keys().revokeOwnedBy(owner, reason);
        if (alsoCreated) {
            revoked += call.keys().revokeCreatedBy(UserId.of(owner.name()), reason);
        }
        return JsonResponse.of(200, Json.revoked(revoked));
    }

    /** {@return the reason, which documents the incident for later readers} */
    private static String requiredReason(RequestInput body) {
        String reason = body.get(REASON);
        if (reason.isBlank()) {
            throw new BadRequestException("reason", "must not be blank");
        }
        return reason;
    }

    static JsonResponse unused(Call<TenantKeys> call) {
        return JsonResponse.of(
                200, KeyJson.full(call.keys().reports().unusedFor(call.query().get(DAYS))));
    }

    static JsonResponse unusedScopes(Call<TenantKeys> call) {
        return JsonResponse.of(200, KeyJson.unusedScopes(call.keys().reports().unusedScopes()));
    }

    static JsonResponse expiring(Call<TenantKeys> call) {
        return JsonResponse.of(
                200,
                KeyJson.full(call.keys().reports().expiringWithin(call.query().get(DAYS))));
    }

    static JsonResponse onOtherPeppers(Call<TenantKeys> call) {
        return JsonResponse.of(200, KeyJson.full(call.keys().reports().onOtherPeppers()));
    }
}
