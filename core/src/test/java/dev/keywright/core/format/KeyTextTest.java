package dev.keywright.core.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.bouncycastle.crypto.macs.SipHash;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyTextTest {

    private static final String SECRET = "a1b2c3d4e5f6g7h8i9j0k1l2m3n4hy8x";

    /** All 65,536 characters at each index, including those whose lower byte is that of a digit. */
    @ParameterizedTest
    @ValueSource(strings = {"ck_", "a_", "acme_live_"})
    void onlyThePrefixAndDigitsAndLettersAreAccepted(String prefix) {
        KeyTextFormats formats = formats("ck_", "a_", "acme_live_", "acme_test_");
        String key = prefix + SECRET;
        for (int at = 0; at < key.length(); at++) {
            StringBuilder text = new StringBuilder(key);
            for (int c = 0; c <= Character.MAX_VALUE; c++) {
                text.setCharAt(at, (char) c);
                boolean fits =
                        at < prefix.length() ? c == key.charAt(at) : (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
                if (formats.matches(text.toString()) != fits) {
                    assertThat(fits).as("character %d in place %d", c, at).isEqualTo(!fits);
                }
            }
        }
        assertThat(formats.matches(key)).isTrue();
        assertThat(formats.matches(key + "0")).isFalse();
        assertThat(formats.matches(key.substring(1))).isFalse();
        assertThat(formats.matches("")).isFalse();
    }

    /** Lengths and last letters of prefixes are the hash, so these share one slot, or wrap around. */
    @Test
    void formatsAreToldApartWhateverTheirHash() {
        String[] prefixes = IntStream.range(0, 40)
                .mapToObj(i -> "p" + (char) ('a' + i % 20) + (i < 20 ? "e_" : "xxe_"))
                .toArray(String[]::new);
        KeyTextFormats formats = formats(prefixes);

        for (String prefix : prefixes) {
            assertThat(formats.of(prefix + SECRET))
                    .extracting(KeyTextFormat::prefix)
                    .isEqualTo(prefix);
        }
        assertThat(formats.of("pze_" + SECRET)).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 23, 24})
    void checkCharactersAreTheSipHashOfBouncyCastle(int prefixLength) {
        Random random = new Random(20260301);
        byte[] key = new byte[16];
        for (int i = 0; i < 100; i++) {
            random.nextBytes(key);
            String body = digits(random, prefixLength - 1) + "_" + digits(random, KeyText.DRAWN);

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

    private static KeyTextFormats formats(String... prefixes) {
        return KeyTextFormats.of(Arrays.stream(prefixes)
                .map(prefix -> new KeyTextFormat(prefix, null))
                .toList());
    }

    private static String digits(Random random, int count) {
        return random.ints(count, 0, 36)
                .map(digit -> Character.forDigit(digit, 36))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
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
