package dev.keywright.core.management;

import dev.keywright.KeyOwner;
import dev.keywright.spi.Digest;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Digests of idempotency keys, by which the store recognizes a repeated request. */
final class IssueRequest {

    private IssueRequest() {}

    /**
     * Returns the digest of an idempotency key. Each part is preceded by its length, so that no two requests have the same
     * encoding. Requests for own keys are kept apart for each person, because a person must not learn the id of another owner's
     * key.
     */
    static Digest digest(Authority authority, String idempotencyKey) {
        KeyOwner owner = authority.owner();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            write(out, authority.tenant().value());
            write(out, owner == null ? "" : owner.toString());
            write(out, idempotencyKey);
            return Digest.of(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the Java platform lacks a mandatory algorithm", e);
        }
    }

    private static void write(DataOutputStream out, String part) throws IOException {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }
}
