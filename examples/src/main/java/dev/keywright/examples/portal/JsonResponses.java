package dev.keywright.examples.portal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.keywright.Scope;
import dev.keywright.management.ScopeCatalog;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;

/** Sends JSON responses, each buffered completely, so that none is truncated by an error. */
final class JsonResponses {

    private static final JsonFactory JSON = new JsonFactory();

    private interface Body {
        void writeTo(JsonGenerator json) throws IOException;
    }

    private JsonResponses() {}

    static void resource(HttpServletResponse response, int status, Resource resource) throws IOException {
        send(response, status, json -> write(json, resource));
    }

    static void resources(HttpServletResponse response, List<Resource> resources) throws IOException {
        send(response, 200, json -> {
            json.writeStartArray();
            for (Resource resource : resources) {
                write(json, resource);
            }
            json.writeEndArray();
        });
    }

    static void person(HttpServletResponse response, DemoPerson person, boolean ownKeysOnly, ScopeCatalog catalog)
            throws IOException {
        send(response, 200, json -> {
            json.writeStartObject();
            json.writeStringField("name", person.name());
            json.writeStringField("district", person.session().tenant().value());
            json.writeStringField("role", String.join(", ", person.session().roles()));
            json.writeBooleanField("own_keys_only", ownKeysOnly);
            json.writeArrayFieldStart("environments");
            json.writeString(Portal.TEST_ENVIRONMENT);
            json.writeEndArray();
            json.writeArrayFieldStart("scopes");
            for (Scope scope : catalog.scopes()) {
                if (ownKeysOnly && !Portal.OWN_SCOPES.contains(scope.value())) {
                    continue;
                }
                json.writeStartObject();
                json.writeStringField("scope", scope.value());
                json.writeStringField("grants", catalog.grants(scope).orElse(""));
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    static void notAllowed(HttpServletResponse response, String methods) throws IOException {
        response.setHeader("Allow", methods);
        error(response, 405, "allowed here: " + methods);
    }

    static void error(HttpServletResponse response, int status, String message) throws IOException {
        send(response, status, json -> {
            json.writeStartObject();
            json.writeStringField("error", message);
            json.writeEndObject();
        });
    }

    private static void write(JsonGenerator json, Resource resource) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", resource.id());
        for (String field : resource.fields().keySet()) {
            json.writeStringField(field, resource.fields().get(field));
        }
        json.writeEndObject();
    }

    private static void send(HttpServletResponse response, int status, Body body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            body.writeTo(json);
        }
        response.setStatus(status);
        response.setContentType("application/json");
        response.setHeader("Cache-Control", "no-store");
        response.setContentLength(bytes.size());
        bytes.writeTo(response.getOutputStream());
    }
}
