package dev.keywright.core.format;

import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.Secret;
import dev.keywright.spi.StoredKey;
import java.security.SecureRandom;

/** Generates keys. Thread-safe if its source of randomness is. */
public final class KeyGenerator {

    private static final int ID_LENGTH = 16;

    private final PepperKeys pepper;
    private final RandomText random;

    /**
     * Generated key.
     *
     * @param row the row to store
     * @param secret the text of the key
     */
    public record GeneratedKey(StoredKey row, Secret secret) {}

    /** Creates a generator of keys under a pepper. */
    public KeyGenerator(PepperKeys pepper, SecureRandom random) {
        this.pepper = pepper;
        this.random = new RandomText(random);
    }

    /** {@return a new random id} */
    public KeyId id() {
        return KeyId.of("key_" + random.draw(ID_LENGTH));
    }

    /** {@return a new key with a random id and text, in a format and its environment; its other properties are those of the builder} */
    public GeneratedKey generate(KeyTextFormat format, ApiKey.Builder properties) {
        String body = format.prefix() + random.draw(KeyText.DRAWN);
        String text = body + pepper.check().of(body);
        ApiKey key = properties
                .id(id())
                .hint(KeyText.hintOf(text))
                .environment(format.environment().orElse(null))
                .build();
        return new GeneratedKey(
                StoredKey.unsaved(key, pepper.digest(text), pepper.id(), format.prefix()), Secret.of(text));
    }
}
