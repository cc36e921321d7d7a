package dev.keywright.management;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A row of an import: a key that another system issued, by its digest.
 *
 * <pre>{@code
 * ImportedKey.digested("5e88…42d8").prefixed("legacy_").of("north").named("Payroll").allowing("read:people").hint("9f3c")
 * }</pre>
 *
 * <p>Its parts are texts as they were found, and are looked at by the import, which refuses a bad row with its reason and
 * goes on. Each method gives a new row.
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
     * Begins with the digest of the key, as the other system has stored it: without a salt, and of the part of the key that the
     * format names.
     *
     * @param digest in hexadecimal or base64, by the algorithm of the format; a marker before it, such as {@code sha256:}, {@code
     *     sha512$$} or <code>{SHA256}</code>, is understood
     * @return the row
     */
    public static ImportedKey digested(String digest) {
        return new ImportedKey(digest, "", "", "", List.of(), "", null);
    }

    /**
     * Names the import format of the key by its prefix. Several formats with one prefix need not be told apart.
     *
     * @param text the prefix of the format; its separator where it has no prefix
     * @return the row
     */
    public ImportedKey prefixed(String text) {
        return new ImportedKey(digest, text, tenant, name, scopes, hint, expiresAt);
    }

    /**
     * Says whom the key belongs to.
     *
     * @param text the tenant's id
     * @return the row
     */
    public ImportedKey of(String text) {
        return new ImportedKey(digest, prefix, text, name, scopes, hint, expiresAt);
    }

    /**
     * Says what people call the key.
     *
     * @param text the name
     * @return the row
     */
    public ImportedKey named(String text) {
        return new ImportedKey(digest, prefix, tenant, text, scopes, hint, expiresAt);
    }

    /**
     * Says what the key may do.
     *
     * @param texts scopes that are offered
     * @return the row
     */
    public ImportedKey allowing(String... texts) {
        return new ImportedKey(digest, prefix, tenant, name, List.of(texts), hint, expiresAt);
    }

    /**
     * Says by what its owner recognises the key.
     *
     * @param text the last characters of the key, or its id or first characters where the other system has kept these: 1 to 8
     *     of them, from the alphabet of its secret, and no more than a quarter of its shortest length
     * @return the row
     */
    public ImportedKey hint(String text) {
        return new ImportedKey(digest, prefix, tenant, name, scopes, text, expiresAt);
    }

    /**
     * Says when the key ends by itself; without this, the host's lifetimes count, if it has set any.
     *
     * @param instant when
     * @return the row
     */
    public ImportedKey expiringAt(Instant instant) {
        return new ImportedKey(digest, prefix, tenant, name, scopes, hint, Objects.requireNonNull(instant));
    }

    /** {@return the digest as it was found} */
    public String digest() {
        return digest;
    }

    /** {@return what the texts of such keys begin with; empty where nobody said} */
    public String prefix() {
        return prefix;
    }

    /** {@return the tenant's id; empty where nobody said} */
    public String tenant() {
        return tenant;
    }

    /** {@return the name; empty where nobody said} */
    public String name() {
        return name;
    }

    /** {@return the scopes; none where nobody said} */
    public List<String> scopes() {
        return scopes;
    }

    /** {@return the last characters of the key; empty where nobody said} */
    public String hint() {
        return hint;
    }

    /** {@return when the key ends; empty where it goes on} */
    public Optional<Instant> expiresAt() {
        return Optional.ofNullable(expiresAt);
    }

    /** {@return a placeholder: whatever column of a file was taken for the digest may be a secret} */
    @Override
    public String toString() {
        return "ForeignKey[hidden]";
    }
}
