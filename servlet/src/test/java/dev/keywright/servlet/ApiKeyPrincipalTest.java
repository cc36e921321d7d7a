package dev.keywright.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.management.IssuedKey;
import dev.keywright.testkit.TestKeys;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ApiKeyPrincipalTest {

    @Test
    void principalIsSerializableWithoutTheSecret() throws Exception {
        IssuedKey issued = TestKeys.withScopes("read:people").active("north");
        ApiKeyPrincipal principal = new ApiKeyPrincipal(issued.key());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(principal);
        }

        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isEqualTo(principal);
        }
        assertThat(bytes.toString(StandardCharsets.ISO_8859_1))
                .doesNotContain(issued.secret().reveal().substring(3, 12));
    }
}
