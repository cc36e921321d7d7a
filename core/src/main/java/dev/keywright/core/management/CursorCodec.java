package dev.keywright.core.management;

import dev.keywright.InvalidRequestException;
import dev.keywright.InvalidRequestException.Field;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.core.Pepper;
import dev.keywright.core.format.PepperSet;
import dev.keywright.management.KeyQuery;
import dev.keywright.management.PageCursor;
import dev.keywright.spi.ListPosition;
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
public final class CursorCodec {

    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;

    private final PepperSet peppers;
    private final SecureRandom random;

    public CursorCodec(PepperSet peppers, SecureRandom random) {
        this.peppers = peppers;
        this.random = random;
    }

    PageCursor write(ListPosition position, TenantId tenant, KeyQuery query) {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        byte[] plain = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(position.createdAt().toEpochMilli())
                .putLong(position.insertRevision())
                .array();
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, peppers.issuing(), nonce, tenant, query)
                    .doFinal(plain);
            byte[] whole = ByteBuffer.allocate(NONCE + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
            return PageCursor.of(Base64.getUrlEncoder().withoutPadding().encodeToString(whole));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform lacks an algorithm that each must have", e);
        }
    }

    ListPosition read(PageCursor cursor, TenantId tenant, KeyQuery query) {
        byte[] whole = bytes(cursor);
        byte[] nonce = new byte[NONCE];
        byte[] sealed = new byte[whole.length - NONCE];
        ByteBuffer.wrap(whole).get(nonce).get(sealed);
        return peppers.all().stream()
                .flatMap(pepper -> open(sealed, pepper, nonce, tenant, query).stream())
                .findFirst()
                .orElseThrow(CursorCodec::foreign);
    }

    /** {@return the position; empty where it was written under another pepper, for another list, or not by us} */
    private static Optional<ListPosition> open(
            byte[] sealed, Pepper pepper, byte[] nonce, TenantId tenant, KeyQuery query) {
        try {
            ByteBuffer plain = ByteBuffer.wrap(
                    cipher(Cipher.DECRYPT_MODE, pepper, nonce, tenant, query).doFinal(sealed));
            return Optional.of(new ListPosition(Instant.ofEpochMilli(plain.getLong()), plain.getLong()));
        } catch (AEADBadTagException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform lacks an algorithm that each must have", e);
        }
    }

    private static byte[] bytes(PageCursor cursor) {
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

    private static InvalidRequestException foreign() {
        return new InvalidRequestException(Field.CURSOR, "must be one that a page of this list ended with");
    }
}
