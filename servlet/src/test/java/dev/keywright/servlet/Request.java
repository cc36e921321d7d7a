package dev.keywright.servlet;

import java.util.List;

/** What somebody may ask of the management endpoints. */
record Request(String method, String path, String body) {

    private static final String ROOT = "/api/keys";

    /** A good request for each line of the table of endpoints, where there is a key with this id. */
    static List<Request> all(Object id) {
        return List.of(
                get(""),
                get("?status=all"),
                new Request("POST", ROOT, "{\"name\":\"Reporting Script\",\"scopes\":[\"read:people\"]}"),
                new Request("POST", ROOT + "/revoke", "{\"ids\":[\"" + id + "\"]}"),
                new Request("POST", ROOT + "/revoke-all", "{\"reason\":\"a bad day\"}"),
                get("/reports/unused?days=1"),
                get("/reports/unused-scopes"),
                get("/reports/expiring?days=1"),
                get("/reports/other-peppers"),
                get("/" + id),
                new Request("PATCH", ROOT + "/" + id, "{\"version\":1,\"name\":\"Another name\"}"),
                new Request("DELETE", ROOT + "/" + id, ""),
                new Request("POST", ROOT + "/" + id + "/rotate", "{\"overlap_hours\":24}"),
                get("/" + id + "/rotation?quiet_hours=1"),
                new Request("DELETE", ROOT + "/" + id + "/rotation", ""));
    }

    /** Those of them in which the id is named. */
    static List<Request> naming(Object id) {
        List<Request> ofAnother = all("another");
        return all(id).stream().filter(request -> !ofAnother.contains(request)).toList();
    }

    private static Request get(String below) {
        return new Request("GET", ROOT + below, "");
    }

    /** The path alone, as the table has it, where {@code /keys} stands for {@link #ROOT}. */
    String place() {
        return path.replaceFirst("\\?.*", "").replaceFirst("^/api", "");
    }
}
