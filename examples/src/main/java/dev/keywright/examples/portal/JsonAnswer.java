package dev.keywright.examples.portal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.keywright.Scope;
import dev.keywright.management.ScopeCatalog;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;

/** Answers in JSON. Each is put together before any of it is sent, so that none ends half way. */
final class JsonAnswer {

    private static final JsonFactory JSON = new JsonFactory();

    /** What writes the body. */
    private interface Body {
        void writeTo(JsonGenerator json) throws IOException;
    }

    private JsonAnswer() {}

    static void entry(HttpServletResponse response, int status, DistrictRecord entry) throws IOException {
        send(response, status, json -> write(json, entry));
    }

    static void entries(HttpServletResponse response, List<DistrictRecord> entries) throws IOException {
        send(response, 200, json -> {
            json.writeStartArray();
            for (DistrictRecord entry : entries) {
                write(json, entry);
            }
            json.writeEndArray();
        });
    }

    static void person(HttpServletResponse response, DemoPerson person, ScopeCatalog offered) throws IOException {
        send(response, 200, json -> {
            json.writeStartObject();
            json.writeStringField("name", person.name());
            json.writeStringField("district", person.session().tenant().value());
            json.writeStringField("role", String.join(", ", person.session().roles()));
            json.writeArrayFieldStart("scopes");
            for (Scope scope : offered.scopes()) {
                json.writeStartObject();
                json.writeStringField("scope", scope.value());
                json.writeStringField("grants", offered.grants(scope).orElse(""));
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

    static void error(HttpServletResponse response, int status, String sentence) throws IOException {
        send(response, status, json -> {
            json.writeStartObject();
            json.writeStringField("error", sentence);
            json.writeEndObject();
        });
    }

    private static void write(JsonGenerator json, DistrictRecord entry) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", entry.id());
        for (String field : entry.fields().keySet()) {
            json.writeStringField(field, entry.fields().get(field));
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
