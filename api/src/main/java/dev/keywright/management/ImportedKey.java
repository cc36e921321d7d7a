package dev.keywright.management;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Row of an import: a key of another system, identified by its digest.
 *
 * <pre>{@code
 * ImportedKey.digested("5e88…42d8").prefixed("legacy_").of("north").named("Payroll").allowing("read:people").hint("9f3c")
 * }</pre>
 *
 * <p>The parts are unchecked text. The import checks them, refuses an invalid row with a reason, and continues. Immutable: each
 * method returns a new row.
 */
public final class ImportedKey {

    private final String digest;
    private final String prefix;
    private final String tenant;
    private final String name;
    private final List<String> scopes;
    private final String hint;
    private final @Nullable Instant expiresAt;

    private ImportedKey(
            String digest,
            String prefix,
            String tenant,
            String name,
            List<String> scopes,
            String hint,
            @Nullable Instant expiresAt) {
        this.digest = Objects.requireNonNull(digest);
        this.prefix = Objects.requireNonNull(prefix);
        this.tenant = Objects.requireNonNull(tenant);
        this.name = Objects.requireNonNull(name);
        this.scopes = List.copyOf(scopes);
        this.hint = Objects.requireNonNull(hint);
        this.expiresAt = expiresAt;
    }

    /**
     * Starts a row with the digest that the other system stored: unsalted, of the part of the key that the format names.
     *
     * @param digest in hexadecimal or base64, by the algorithm of the format; a marker before it, such as {@code sha256:}, {@code
     *     sha512$$} or <code>{SHA256}</code>, is accepted
     * @return the row
     */
    public static ImportedKey digested(String digest) {
        return new ImportedKey(digest, "", "", "", List.of(), "", null);
    }

    /**
     * Sets the import format, by its prefix. Formats with the same prefix need no distinction.
     *
     * @param text the prefix of the format; its separator if it has no prefix
     * @return the row
     */
    public ImportedKey prefixed(String text) {
        return new ImportedKey(digest, text, tenant, name, scopes, hint, expiresAt);
    }

    /**
     * Sets the tenant.
     *
     * @param text the tenant's id
     * @return the row
     */
    public ImportedKey of(String text) {
        return new ImportedKey(digest, prefix, text, name, scopes, hint, expiresAt);
    }

    /**
     * Sets the name.
     *
     * @param text the name
     * @return the row
     */
    public ImportedKey named(String text) {
        return new ImportedKey(digest, prefix, tenant, text, scopes, hint, expiresAt);
    }

    /**
     * Sets the scopes.
     *
     * @param texts offered scopes
     * @return the row
     */
    public ImportedKey allowing(String... texts) {
        return new ImportedKey(digest, prefix, tenant, name, List.of(texts), hint, expiresAt);
    }

    /**
     * Sets the hint, by which the owner recognizes the key.
     *
     * @param text the last characters of the key, or its id or first characters if the other system kept these: 1 to 8
     *     of them, from the alphabet of its secret, and no more than a quarter of its shortest length
     * @return the row
     */
    public ImportedKey hint(String text) {
        return new ImportedKey(digest, prefix, tenant, name, scopes, text, expiresAt);
    }

    /**
     * Sets the expiry. Without it the host's lifetimes apply, if any are set.
     *
     * @param instant the first instant at which the key is expired
     * @return the row
     */
    public ImportedKey expiringAt(Instant instant) {
        return new ImportedKey(digest, prefix, tenant, name, scopes, hint, Objects.requireNonNull(instant));
    }

    /** {@return the digest, unchecked} */
    public String digest() {
        return digest;
    }

    /** {@return the prefix of the format; empty if unset} */
    public String prefix() {
        return prefix;
    }

    /** {@return the tenant's id; empty if unset} */
    public String tenant() {
        return tenant;
    }

    /** {@return the name; empty if unset} */
    public String name() {
        return name;
    }

    /** {@return the scopes; empty if unset} */
    public List<String> scopes() {
        return scopes;
    }

    /** {@return the hint; empty if unset} */
    public String hint() {
        return hint;
    }

    /** {@return the expiry; empty if unset} */
    public Optional<Instant> expiresAt() {
        return Optional.ofNullable(expiresAt);
    }

    /** {@return a placeholder, since a wrong column of the source may hold a secret} */
    @Override
    public String toString() {
        return "ImportedKey[hidden]";
    }
}
