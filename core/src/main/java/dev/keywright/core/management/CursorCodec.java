package dev.keywright.core.management;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.keywright.InvalidRequestException;
import dev.keywright.InvalidRequestException.Field;
import dev.keywright.TenantId;
import dev.keywright.core.format.PepperKeys;
import dev.keywright.core.format.PepperSet;
import dev.keywright.management.KeyQuery;
import dev.keywright.management.PageCursor;
import dev.keywright.spi.ListPosition;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Encodes positions in lists as cursors for clients. A cursor is encrypted with AES-GCM under a key derived from the pepper,
 * because a position reveals how many keys other tenants have created. It is bound to the tenant, the
 * filters and the order of the list. Thread-safe.
 */
public final class CursorCodec {

    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final PepperSet peppers;
    private final SecureRandom random;

    public CursorCodec(PepperSet peppers, SecureRandom random) {
        this.peppers = peppers;
        this.random = random;
    }

    PageCursor write(ListPosition position, TenantId tenant, KeyQuery query) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] value = position.name()
                .map(name -> name.getBytes(UTF_8))
                .or(() -> position.time()
                        .map(time -> ByteBuffer.allocate(Long.BYTES)
                                .putLong(time.toEpochMilli())
                                .array()))
                .orElse(new byte[0]);
        byte[] plain = ByteBuffer.allocate(Long.BYTES + value.length)
                .putLong(position.insertRevision())
                .put(value)
                .array();
        try {
            byte[] encrypted = cipher(Cipher.ENCRYPT_MODE, peppers.issuing(), nonce, tenant, query)
                    .doFinal(plain);
            byte[] bytes = ByteBuffer.allocate(NONCE_BYTES + encrypted.length)
                    .put(nonce)
                    .put(encrypted)
                    .array();
            return PageCursor.of(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the Java platform lacks a required algorithm: AES/GCM", e);
        }
    }

    ListPosition read(PageCursor cursor, TenantId tenant, KeyQuery query) {
        byte[] bytes = decode(cursor);
        byte[] nonce = new byte[NONCE_BYTES];
        byte[] encrypted = new byte[bytes.length - NONCE_BYTES];
        ByteBuffer.wrap(bytes).get(nonce).get(encrypted);
        return peppers.all().stream()
                .flatMap(pepper -> decrypt(encrypted, pepper, nonce, tenant, query).stream())
                .findFirst()
                .orElseThrow(CursorCodec::invalid);
    }

    /** {@return the position; empty if the cursor was written under another pepper, for another list, or forged} */
    private static Optional<ListPosition> decrypt(
            byte[] encrypted, PepperKeys pepper, byte[] nonce, TenantId tenant, KeyQuery query) {
        try {
            ByteBuffer plain = ByteBuffer.wrap(
                    cipher(Cipher.DECRYPT_MODE, pepper, nonce, tenant, query).doFinal(encrypted));
            return position(plain, query.order());
        } catch (AEADBadTagException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the Java platform lacks a required algorithm: AES/GCM", e);
        }
    }

    /** {@return the position; empty if the bytes are none} Without a pepper, anyone can encrypt any bytes. */
    private static Optional<ListPosition> position(ByteBuffer plain, KeyQuery.Order order) {
        long revision = plain.getLong();
        if (order == KeyQuery.Order.NAME) {
            try {
                // This decoder rejects malformed UTF-8.
                return Optional.of(
                        ListPosition.at(UTF_8.newDecoder().decode(plain).toString(), revision));
            } catch (CharacterCodingException e) {
                return Optional.empty();
            }
        }
        if (!plain.hasRemaining() && order != KeyQuery.Order.CREATED) {
            return Optional.of(ListPosition.withoutValue(revision));
        }
        return plain.remaining() == Long.BYTES
                ? Optional.of(ListPosition.at(Instant.ofEpochMilli(plain.getLong()), revision))
                : Optional.empty();
    }

    private static byte[] decode(PageCursor cursor) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(cursor.value());
            if (bytes.length >= NONCE_BYTES + Long.BYTES + TAG_BITS / Byte.SIZE) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            throw invalid();
        }
        throw invalid();
    }

    private static Cipher cipher(int mode, PepperKeys pepper, byte[] nonce, TenantId tenant, KeyQuery query)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, pepper.cursorKey(), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(list(tenant, query));
        return cipher;
    }

    /** Returns an unambiguous encoding of a list: each part with its length, so that no value can be taken for another part. */
    private static byte[] list(TenantId tenant, KeyQuery query) {
        List<Optional<?>> parts = List.of(
                Optional.of(tenant),
                Optional.of(query.order()),
                Optional.of(query.isDescending()),
                query.state(),
                Optional.of(query.isSuspendedOnly()),
                query.owner(),
                query.createdBy(),
                query.environment(),
                query.scope(),
                query.nameStartsWith(),
                query.nameContains(),
                query.hint(),
                query.attribute().map(Map.Entry::getKey),
                query.attribute().map(Map.Entry::getValue),
                query.createdFrom(),
                query.createdBefore(),
                query.lastUsedFrom(),
                query.lastUsedBefore(),
                query.expiresFrom(),
                query.expiresBefore());
        return parts.stream()
                .map(part -> part.map(value -> value.toString().length() + ":" + value)
                        .orElse("-"))
                .collect(Collectors.joining())
                .getBytes(UTF_8);
    }

    private static InvalidRequestException invalid() {
        return new InvalidRequestException(Field.CURSOR, "must be one that a page of this list ended with");
    }
}
