package dev.keywright.core.format;

import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.Secret;
import dev.keywright.spi.StoredKey;
import java.security.SecureRandom;

/** Draws new keys. */
public final class KeyGenerator {

    private static final int ID_DRAWN = 16;

    private final PepperKeys pepper;
    private final RandomText random;

    /**
     * A key that was drawn.
     *
     * @param row what is to be stored of it
     * @param secret its text
     */
    public record GeneratedKey(StoredKey row, Secret secret) {}

    public KeyGenerator(PepperKeys pepper, SecureRandom random) {
        this.pepper = pepper;
        this.random = new RandomText(random);
    }

    public KeyId id() {
        return KeyId.of("key_" + random.draw(ID_DRAWN));
    }

    /** {@return a new key, with an id, a text and a hint of its own} */
    public GeneratedKey generate(ApiKey.Builder rest) {
        String body = KeyText.PREFIX + random.draw(KeyText.DRAWN);
        String text = body + pepper.check().of(body);
        ApiKey key = rest.id(id()).hint(KeyText.hintOf(text)).build();
        return new GeneratedKey(StoredKey.unsaved(key, pepper.digest(text), pepper.id()), Secret.of(text));
    }
}
