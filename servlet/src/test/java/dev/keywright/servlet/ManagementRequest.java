package dev.keywright.servlet;

import java.util.List;

/** Request to the management endpoints. */
record ManagementRequest(String method, String path, String body) {

    private static final String ROOT = "/api/keys";

    /** {@return a valid request for each endpoint, if there is a key with this id} */
    static List<ManagementRequest> all(Object id) {
        return List.of(
                get(""),
                get("?status=all"),
                new ManagementRequest("POST", ROOT, "{\"name\":\"Reporting Script\",\"scopes\":[\"read:people\"]}"),
                new ManagementRequest("POST", ROOT + "/revoke", "{\"ids\":[\"" + id + "\"]}"),
                new ManagementRequest("POST", ROOT + "/revoke-all", "{\"reason\":\"incident\"}"),
                new ManagementRequest("POST", ROOT + "/revoke-owned", "{\"owner\":\"person:ada\",\"reason\":\"left\"}"),
                get("/reports/unused?days=1"),
                get("/reports/unused-scopes"),
                get("/reports/expiring?days=1"),
                get("/reports/other-peppers"),
                get("/" + id),
                new ManagementRequest("PATCH", ROOT + "/" + id, "{\"version\":1,\"name\":\"Another name\"}"),
                new ManagementRequest("DELETE", ROOT + "/" + id, ""),
                new ManagementRequest("POST", ROOT + "/" + id + "/suspend", "{\"reason\":\"incident\"}"),
                new ManagementRequest("POST", ROOT + "/" + id + "/resume", ""),
                new ManagementRequest("POST", ROOT + "/" + id + "/rotate", "{\"overlap_hours\":24}"),
                get("/" + id + "/rotation?quiet_hours=1"),
                new ManagementRequest("DELETE", ROOT + "/" + id + "/rotation", ""));
    }

    /** {@return the requests that contain the id} */
    static List<ManagementRequest> naming(Object id) {
        List<ManagementRequest> withAnotherId = all("another");
        return all(id).stream()
                .filter(request -> !withAnotherId.contains(request))
                .toList();
    }

    private static ManagementRequest get(String below) {
        return new ManagementRequest("GET", ROOT + below, "");
    }

    /** {@return the path without its query, as in {@link Endpoint#TABLE}, where {@code /keys} stands for {@link #ROOT}} */
    String endpointPath() {
        return path.replaceFirst("\\?.*", "").replaceFirst("^/api", "");
    }
}
