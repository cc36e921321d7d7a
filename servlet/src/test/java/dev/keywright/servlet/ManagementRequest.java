package dev.keywright.servlet;

import java.util.List;

/** What somebody may ask of the management endpoints. */
record ManagementRequest(String method, String path, String body) {

    private static final String ROOT = "/api/keys";

    /** A good request for each line of the table of endpoints, where there is a key with this id. */
    static List<ManagementRequest> all(Object id) {
        return List.of(
                get(""),
                get("?status=all"),
                new ManagementRequest("POST", ROOT, "{\"name\":\"Reporting Script\",\"scopes\":[\"read:people\"]}"),
                new ManagementRequest("POST", ROOT + "/revoke", "{\"ids\":[\"" + id + "\"]}"),
                new ManagementRequest("POST", ROOT + "/revoke-all", "{\"reason\":\"a bad day\"}"),
                get("/reports/unused?days=1"),
                get("/reports/unused-scopes"),
                get("/reports/expiring?days=1"),
                get("/reports/other-peppers"),
                get("/" + id),
                new ManagementRequest("PATCH", ROOT + "/" + id, "{\"version\":1,\"name\":\"Another name\"}"),
                new ManagementRequest("DELETE", ROOT + "/" + id, ""),
                new ManagementRequest("POST", ROOT + "/" + id + "/rotate", "{\"overlap_hours\":24}"),
                get("/" + id + "/rotation?quiet_hours=1"),
                new ManagementRequest("DELETE", ROOT + "/" + id + "/rotation", ""));
    }

    /** Those of them in which the id is named. */
    static List<ManagementRequest> naming(Object id) {
        List<ManagementRequest> ofAnother = all("another");
        return all(id).stream().filter(request -> !ofAnother.contains(request)).toList();
    }

    private static ManagementRequest get(String below) {
        return new ManagementRequest("GET", ROOT + below, "");
    }

    /** The path alone, as the table has it, where {@code /keys} stands for {@link #ROOT}. */
    String place() {
        return path.replaceFirst("\\?.*", "").replaceFirst("^/api", "");
    }
}
