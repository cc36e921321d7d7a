package dev.keywright.benchmarks.filter;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * As somebody would write it in an afternoon: a header, SHA-256, a map, a scope. It has no check characters, no end of a key, no
 * rules for paths, no uses and no cache that is kept true: it is what the same request cannot cost less than, done plainly.
 */
final class HandWrittenFilter implements Filter {

    private static final String SCHEME = "Bearer ";

    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(HandWrittenFilter::sha256);

    private final Map<ByteBuffer, Set<String>> scopes = new ConcurrentHashMap<>();
    private final String required;

    HandWrittenFilter(String required) {
        this.required = required;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ByteBuffer digest(String key) {
        return ByteBuffer.wrap(SHA_256.get().digest(key.getBytes(StandardCharsets.US_ASCII)));
    }

    void admit(String key, Set<String> granted) {
        scopes.put(digest(key), granted);
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String header = ((HttpServletRequest) request).getHeader("Authorization");
        if (header == null || !header.startsWith(SCHEME)) {
            ((HttpServletResponse) response).sendError(401);
            return;
        }
        @Nullable Set<String> granted = scopes.get(digest(header.substring(SCHEME.length())));
        if (granted == null) {
            ((HttpServletResponse) response).sendError(401);
        } else if (!granted.contains(required)) {
            ((HttpServletResponse) response).sendError(403);
        } else {
            chain.doFilter(request, response);
        }
    }
}
