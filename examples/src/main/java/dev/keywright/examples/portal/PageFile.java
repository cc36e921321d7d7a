package dev.keywright.examples.portal;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Static file or page template from the class path. Read at startup, so that a missing file is detected there.
 *
 * @param type the content type
 * @param text the content
 */
record PageFile(String type, String text) {

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html",
            "css", "text/css",
            "js", "text/javascript",
            "svg", "image/svg+xml");

    static PageFile named(String name) {
        String extension = name.substring(name.lastIndexOf('.') + 1);
        try (InputStream file = PageFile.class.getResourceAsStream("pages/" + name)) {
            if (file == null) {
                throw new IllegalStateException(
                        "the resource pages/" + name + " of the portal is missing: keep it when jars are"
                                + " shaded, and include it in a native image");
            }
            String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            return new PageFile(TYPES.get(extension) + ";charset=utf-8", text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return this page with a {@code {{placeholder}}} replaced} The HTML is not escaped and must not come from a client. */
    PageFile with(String placeholder, String html) {
        return new PageFile(type, text.replace("{{" + placeholder + "}}", html));
    }

    void send(HttpServletRequest request, HttpServletResponse response, int status) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.setContentType(type);
        response.setContentLength(bytes.length);
        if (!request.getMethod().equals("HEAD")) {
            response.getOutputStream().write(bytes);
        }
    }
}
