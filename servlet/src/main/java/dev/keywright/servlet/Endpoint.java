package dev.keywright.servlet;

import dev.keywright.KeyId;
import dev.keywright.KeyNotFoundException;
import dev.keywright.management.TenantKeys;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The one table that says what can be asked for where; {@code /keys} stands for the path that the host has mapped.
 *
 * @param method the method; {@code GET} covers {@code HEAD}
 * @param path where it stands
 * @param action what is done
 * @param query the parameters that it knows
 */
record Endpoint(String method, PathPattern path, Function<Call, JsonResponse> action, List<Field<?>> query) {

    private static final String ROOT = "/keys";

    /** Where several paths match, the first of them counts: our own words are no ids, which begin with {@code key_}. */
    static final List<Endpoint> TABLE = List.of(
            at("GET", ROOT, KeyEndpoints::list, KeyEndpoints.STATUS, KeyEndpoints.LIMIT, KeyEndpoints.CURSOR),
            at("POST", ROOT, KeyEndpoints::create),
            at("POST", ROOT + "/revoke", KeyEndpoints::revokeSeveral),
            at("POST", ROOT + "/revoke-all", KeyEndpoints::revokeAll),
            at("GET", ROOT + "/reports/unused", KeyEndpoints::unused, KeyEndpoints.DAYS),
            at("GET", ROOT + "/reports/unused-scopes", KeyEndpoints::unusedScopes),
            at("GET", ROOT + "/reports/expiring", KeyEndpoints::expiring, KeyEndpoints.DAYS),
            at("GET", ROOT + "/reports/other-peppers", KeyEndpoints::onOtherPeppers),
            at("GET", ROOT + "/{id}", KeyEndpoints::get),
            at("PATCH", ROOT + "/{id}", KeyEndpoints::change),
            at("DELETE", ROOT + "/{id}", KeyEndpoints::revoke),
            at("POST", ROOT + "/{id}/rotate", KeyEndpoints::rotate),
            at("GET", ROOT + "/{id}/rotation", KeyEndpoints::rotation, KeyEndpoints.QUIET_HOURS),
            at("DELETE", ROOT + "/{id}/rotation", KeyEndpoints::endRotation));

    /**
     * What somebody asks for who may.
     *
     * @param request the request, whose body is unread
     * @param keys the keys of their tenant
     * @param named the key that the path names
     * @param query the parameters
     */
    record Call(HttpServletRequest request, TenantKeys keys, Optional<KeyId> named, RequestInput query) {

        KeyId id() {
            return named.orElseThrow();
        }

        RequestInput body(Field<?>... known) {
            return body(RequestBody.LONGEST_KIB, known);
        }

        RequestInput body(int longestKib, Field<?>... known) {
            return RequestInput.ofBody(RequestBody.read(request, longestKib), known);
        }
    }

    private static Endpoint at(String method, String path, Function<Call, JsonResponse> action, Field<?>... query) {
        return new Endpoint(method, PathPattern.of(path), action, List.of(query));
    }

    static JsonResponse answer(HttpServletRequest request, TenantKeys keys) {
        String path = ROOT + Optional.ofNullable(request.getPathInfo()).orElse("");
        List<Endpoint> here = at(path);
        Optional<KeyId> named = here.get(0).path.valueIn(path).map(Endpoint::id);
        String method = request.getMethod().equals("HEAD") ? "GET" : request.getMethod();
        for (Endpoint endpoint : here) {
            if (endpoint.method.equals(method)) {
                RequestInput query = RequestInput.ofQuery(request, endpoint.query);
                return endpoint.action.apply(new Call(request, keys, named, query));
            }
        }
        return JsonResponse.notAllowed(here.stream()
                .map(endpoint -> endpoint.method.equals("GET") ? "GET, HEAD" : endpoint.method)
                .collect(Collectors.joining(", ")));
    }

    private static List<Endpoint> at(String path) {
        PathPattern place = TABLE.stream()
                .map(Endpoint::path)
                .filter(pattern -> pattern.matches(path))
                .findFirst()
                .orElseThrow(KeyNotFoundException::new);
        return TABLE.stream().filter(endpoint -> endpoint.path.equals(place)).toList();
    }

    static KeyId id(String text) {
        try {
            return KeyId.of(text);
        } catch (IllegalArgumentException e) {
            // An id that cannot exist is no more there than any other that does not.
            throw new KeyNotFoundException();
        }
    }
}
