package dev.keywright.servlet;

import dev.keywright.KeyId;
import dev.keywright.KeyNotFoundException;
import dev.keywright.management.ManagedKeys;
import dev.keywright.management.TenantKeys;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * An endpoint of the {@link KeyManagementServlet}, and the table of all of them; {@code /keys} stands for the path that the host
 * has mapped.
 *
 * @param method the method; {@code GET} includes {@code HEAD}
 * @param path the path pattern
 * @param action the implementation
 * @param ownAction the same for a person who may use own keys only; empty if the person may not use the endpoint
 * @param query the query parameters that are allowed
 */
record Endpoint(
        String method,
        PathPattern path,
        Function<Call<TenantKeys>, JsonResponse> action,
        Optional<Function<Call<ManagedKeys>, JsonResponse>> ownAction,
        List<Field<?>> query) {

    private static final String ROOT = "/keys";

    /** The first path that matches is used. No literal segment can be an id, which begins with {@code key_}. */
    static final List<Endpoint> TABLE = List.of(
            own("GET", ROOT, KeyEndpoints::list, KeyListQuery.FIELDS),
            own("POST", ROOT, KeyEndpoints::create),
            at("POST", ROOT + "/revoke", KeyEndpoints::revokeSeveral),
            at("POST", ROOT + "/revoke-all", KeyEndpoints::revokeAll),
            at("POST", ROOT + "/revoke-owned", KeyEndpoints::revokeOwned),
            at("GET", ROOT + "/reports/unused", KeyEndpoints::unused, KeyEndpoints.DAYS),
            at("GET", ROOT + "/reports/unused-scopes", KeyEndpoints::unusedScopes),
            at("GET", ROOT + "/reports/expiring", KeyEndpoints::expiring, KeyEndpoints.DAYS),
            at("GET", ROOT + "/reports/other-peppers", KeyEndpoints::onOtherPeppers),
            own("GET", ROOT + "/{id}", KeyEndpoints::get),
            at("PATCH", ROOT + "/{id}", KeyEndpoints::change),
            own("DELETE", ROOT + "/{id}", KeyEndpoints::revoke),
            at("POST", ROOT + "/{id}/suspend", KeyEndpoints::suspend),
            at("POST", ROOT + "/{id}/resume", KeyEndpoints::resume),
            own("POST", ROOT + "/{id}/rotate", KeyEndpoints::rotate),
            at("GET", ROOT + "/{id}/rotation", KeyEndpoints::rotation, KeyEndpoints.QUIET_HOURS),
            own("DELETE", ROOT + "/{id}/rotation", KeyEndpoints::completeRotation));

    /**
     * Call of an endpoint by an authorized session.
     *
     * @param request the request, whose body is unread
     * @param <K> the keys that the session may manage: those of its tenant, or the person's own
     * @param keys these keys
     * @param pathId the id in the path
     * @param query the query parameters
     */
    record Call<K>(HttpServletRequest request, K keys, Optional<KeyId> pathId, RequestInput query) {

        KeyId id() {
            return pathId.orElseThrow();
        }

        RequestInput body(Field<?>... allowed) {
            return body(RequestBody.MAX_KIB, allowed);
        }

        RequestInput body(int maxKib, Field<?>... allowed) {
            return RequestInput.ofBody(RequestBody.read(request, maxKib), allowed);
        }

        RequestInput optionalBody(Field<?>... allowed) {
            return RequestInput.ofOptionalBody(RequestBody.read(request, RequestBody.MAX_KIB), allowed);
        }
    }

    private static Endpoint at(
            String method, String path, Function<Call<TenantKeys>, JsonResponse> action, Field<?>... query) {
        return new Endpoint(method, PathPattern.of(path), action, Optional.empty(), List.of(query));
    }

    /** Returns an endpoint that a person with own keys may use, too. */
    private static Endpoint own(
            String method, String path, Function<Call<? extends ManagedKeys>, JsonResponse> action, Field<?>... query) {
        return new Endpoint(method, PathPattern.of(path), action::apply, Optional.of(action::apply), List.of(query));
    }

    /** Handles the request of a session that may manage the keys of its tenant. */
    static JsonResponse handle(HttpServletRequest request, TenantKeys keys) {
        return handle(request, keys, endpoint -> endpoint.action);
    }

    /**
     * Handles the request of a session that may use the person's own keys only. Every endpoint without an action for these is left
     * to the permission to manage all keys.
     *
     * @param managed the keys of the tenant; throws an exception, since the session may not manage them
     */
    static JsonResponse handleOwn(HttpServletRequest request, ManagedKeys keys, Supplier<TenantKeys> managed) {
        return handle(
                request,
                keys,
                endpoint -> endpoint.ownAction.orElse(call ->
                        endpoint.action.apply(new Call<>(request, managed.get(), call.pathId(), call.query()))));
    }

    private static <K> JsonResponse handle(
            HttpServletRequest request, K keys, Function<Endpoint, Function<Call<K>, JsonResponse>> action) {
        String path = ROOT + Optional.ofNullable(request.getPathInfo()).orElse("");
        List<Endpoint> candidates = at(path);
        Optional<KeyId> pathId = candidates.get(0).path.placeholderValue(path).map(Endpoint::id);
        String method = request.getMethod().equals("HEAD") ? "GET" : request.getMethod();
        for (Endpoint endpoint : candidates) {
            if (endpoint.method.equals(method)) {
                RequestInput query = RequestInput.ofQuery(request, endpoint.query);
                return action.apply(endpoint).apply(new Call<>(request, keys, pathId, query));
            }
        }
        return JsonResponse.notAllowed(candidates.stream()
                .map(endpoint -> endpoint.method.equals("GET") ? "GET, HEAD" : endpoint.method)
                .collect(Collectors.joining(", ")));
    }

    private static List<Endpoint> at(String path) {
        PathPattern matched = TABLE.stream()
                .map(Endpoint::path)
                .filter(pattern -> pattern.matches(path))
                .findFirst()
                .orElseThrow(KeyNotFoundException::new);
        return TABLE.stream().filter(endpoint -> endpoint.path.equals(matched)).toList();
    }

    static KeyId id(String text) {
        try {
            return KeyId.of(text);
        } catch (IllegalArgumentException e) {
            // The response is the same as for an unknown id.
            throw new KeyNotFoundException();
        }
    }
}
