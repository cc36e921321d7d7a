package dev.keywright.core.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.bouncycastle.crypto.macs.SipHash;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;

class KeyTextTest {

    private static final String KEY = "ck_a1b2c3d4e5f6g7h8i9j0k1l2m3n4hy8x";

    /** All 65,536 characters at each index, including those whose lower byte is that of a digit. */
    @Test
    void onlyDigitsAndLettersAreAccepted() {
        for (int at = 0; at < KEY.length(); at++) {
            StringBuilder text = new StringBuilder(KEY);
            for (int c = 0; c <= Character.MAX_VALUE; c++) {
                text.setCharAt(at, (char) c);
                boolean fits = at < 3 ? c == KEY.charAt(at) : (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
                if (KeyText.isWellShaped(text.toString()) != fits) {
                    assertThat(fits).as("character %d in place %d", c, at).isEqualTo(!fits);
                }
            }
        }
        assertThat(KeyText.isWellShaped(KEY)).isTrue();
        assertThat(KeyText.isWellShaped(KEY + "0")).isFalse();
        assertThat(KeyText.isWellShaped(KEY.substring(1))).isFalse();
        assertThat(KeyText.isWellShaped("")).isFalse();
    }

    @Test
    void checkCharactersAreTheSipHashOfBouncyCastle() {
        Random random = new Random(20260301);
        byte[] key = new byte[16];
        for (int i = 0; i < 1000; i++) {
            random.nextBytes(key);
            String body = "ck_"
                    + random.ints(KeyText.DRAWN, 0, 36)
                            .map(digit -> Character.forDigit(digit, 36))
                            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append);

            String check = byBouncyCastle(key, body);

            assertThat(new CheckCharacters(key).of(body)).isEqualTo(check);
            assertThat(new CheckCharacters(key).fit(body + check)).isTrue();
            for (int at = 0; at < check.length(); at++) {
                StringBuilder other = new StringBuilder(check);
                other.setCharAt(at, check.charAt(at) == 'q' ? 'r' : 'q');
                assertThat(new CheckCharacters(key).fit(body + other)).isFalse();
            }
        }
    }

    private static String byBouncyCastle(byte[] key, String body) {
        SipHash hash = new SipHash(2, 4);
        hash.init(new KeyParameter(key));
        byte[] ascii = body.getBytes(StandardCharsets.US_ASCII);
        hash.update(ascii, 0, ascii.length);
        byte[] result = new byte[8];
        hash.doFinal(result, 0);
        long number = ByteBuffer.wrap(result).order(ByteOrder.LITTLE_ENDIAN).getLong();
        String digits = Long.toString(Long.remainderUnsigned(number, 36L * 36 * 36 * 36), 36);
        return "0".repeat(4 - digits.length()) + digits;
    }
}
