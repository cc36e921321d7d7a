package dev.keywright.core;

import dev.keywright.Cursor;
import dev.keywright.InvalidRequest;
import dev.keywright.KeyQuery;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.spi.Position;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Positions in lists, as texts for clients. Encrypted (AES-GCM under a key of the pepper), because a position tells how
 * many keys the other tenants have come to; and bound to the tenant and the kind of list, so that it is of no use in
 * another one.
 */
final class Cursors {

    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;

    private final Peppers peppers;
    private final SecureRandom random;

    Cursors(Peppers peppers, SecureRandom random) {
        this.peppers = peppers;
        this.random = random;
    }

    Cursor write(Position position, TenantId tenant, KeyQuery query) {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        byte[] plain = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(position.createdAt().toEpochMilli())
                .putLong(position.insertedAt())
                .array();
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, peppers.issuing(), nonce, tenant, query)
                    .doFinal(plain);
            byte[] whole = ByteBuffer.allocate(NONCE + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
            return Cursor.of(Base64.getUrlEncoder().withoutPadding().encodeToString(whole));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform lacks an algorithm that each must have", e);
        }
    }

    Position read(Cursor cursor, TenantId tenant, KeyQuery query) {
        byte[] whole = bytes(cursor);
        byte[] nonce = new byte[NONCE];
        byte[] sealed = new byte[whole.length - NONCE];
        ByteBuffer.wrap(whole).get(nonce).get(sealed);
        return peppers.all().stream()
                .flatMap(pepper -> open(sealed, pepper, nonce, tenant, query).stream())
                .findFirst()
                .orElseThrow(Cursors::foreign);
    }

    /** {@return the position; empty where it was written under another pepper, for another list, or not by us} */
    private static Optional<Position> open(
            byte[] sealed, Pepper pepper, byte[] nonce, TenantId tenant, KeyQuery query) {
        try {
            ByteBuffer plain = ByteBuffer.wrap(
                    cipher(Cipher.DECRYPT_MODE, pepper, nonce, tenant, query).doFinal(sealed));
            return Optional.of(new Position(Instant.ofEpochMilli(plain.getLong()), plain.getLong()));
        } catch (AEADBadTagException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform lacks an algorithm that each must have", e);
        }
    }

    private static byte[] bytes(Cursor cursor) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(cursor.value());
            if (bytes.length == NONCE + 2 * Long.BYTES + TAG_BITS / Byte.SIZE) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            throw foreign();
        }
        throw foreign();
    }

    private static Cipher cipher(int mode, Pepper pepper, byte[] nonce, TenantId tenant, KeyQuery query)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, pepper.cursorKey(), new GCMParameterSpec(TAG_BITS, nonce));
        // Separated by a character that no id can have.
        String list = String.join(
                "\0",
                query.state().map(Enum::name).orElse("ALL"),
                query.createdBy().map(UserId::value).orElse(""),
                tenant.value());
        cipher.updateAAD(list.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private static InvalidRequest foreign() {
        return new InvalidRequest("cursor", "must be one that a page of this list ended with");
    }
}
