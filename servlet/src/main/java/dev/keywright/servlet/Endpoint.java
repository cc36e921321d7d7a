package dev.keywright.servlet;

import dev.keywright.KeyId;
import dev.keywright.NoSuchKey;
import dev.keywright.TenantKeys;
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
record Endpoint(String method, PathPattern path, Function<Call, Answer> action, List<Field<?>> query) {

    private static final String ROOT = "/keys";

    /** Where several paths match, the first of them counts: our own words are no ids, which begin with {@code key_}. */
    static final List<Endpoint> TABLE = List.of(
            at("GET", ROOT, Management::list, Management.STATUS, Management.LIMIT, Management.CURSOR),
            at("POST", ROOT, Management::create),
            at("POST", ROOT + "/revoke", Management::revokeSeveral),
            at("POST", ROOT + "/revoke-all", Management::revokeAll),
            at("GET", ROOT + "/reports/unused", Management::unused, Management.DAYS),
            at("GET", ROOT + "/reports/unused-scopes", Management::unusedScopes),
            at("GET", ROOT + "/reports/expiring", Management::expiring, Management.DAYS),
            at("GET", ROOT + "/reports/other-peppers", Management::onOtherPeppers),
            at("GET", ROOT + "/{id}", Management::get),
            at("PATCH", ROOT + "/{id}", Management::change),
            at("DELETE", ROOT + "/{id}", Management::revoke),
            at("POST", ROOT + "/{id}/rotate", Management::rotate),
            at("GET", ROOT + "/{id}/rotation", Management::rotation, Management.QUIET_HOURS),
            at("DELETE", ROOT + "/{id}/rotation", Management::endRotation));

    /**
     * What somebody asks for who may.
     *
     * @param request the request, whose body is unread
     * @param keys the keys of their tenant
     * @param named the key that the path names
     * @param query the parameters
     */
    record Call(HttpServletRequest request, TenantKeys keys, Optional<KeyId> named, Input query) {

        KeyId id() {
            return named.orElseThrow();
        }

        Input body(Field<?>... known) {
            return body(Body.LONGEST_KIB, known);
        }

        Input body(int longestKib, Field<?>... known) {
            return Input.ofBody(Body.read(request, longestKib), known);
        }
    }

    private static Endpoint at(String method, String path, Function<Call, Answer> action, Field<?>... query) {
        return new Endpoint(method, PathPattern.of(path), action, List.of(query));
    }

    static Answer answer(HttpServletRequest request, TenantKeys keys) {
        String path = ROOT + Optional.ofNullable(request.getPathInfo()).orElse("");
        List<Endpoint> here = at(path);
        Optional<KeyId> named = here.get(0).path.valueIn(path).map(Endpoint::id);
        String method = request.getMethod().equals("HEAD") ? "GET" : request.getMethod();
        for (Endpoint endpoint : here) {
            if (endpoint.method.equals(method)) {
                Input query = Input.ofQuery(request, endpoint.query);
                return endpoint.action.apply(new Call(request, keys, named, query));
            }
        }
        return Answer.notAllowed(here.stream()
                .map(endpoint -> endpoint.method.equals("GET") ? "GET, HEAD" : endpoint.method)
                .collect(Collectors.joining(", ")));
    }

    private static List<Endpoint> at(String path) {
        PathPattern place = TABLE.stream()
                .map(Endpoint::path)
                .filter(pattern -> pattern.matches(path))
                .findFirst()
                .orElseThrow(NoSuchKey::new);
        return TABLE.stream().filter(endpoint -> endpoint.path.equals(place)).toList();
    }

    static KeyId id(String text) {
        try {
            return KeyId.of(text);
        } catch (IllegalArgumentException e) {
            // An id that cannot exist is no more there than any other that does not.
            throw new NoSuchKey();
        }
    }
}
