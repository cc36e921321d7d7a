package dev.keywright.core;

import static dev.keywright.core.Fixture.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;

import dev.keywright.ApiKey;
import dev.keywright.ApiKeys;
import dev.keywright.InvalidRequestException;
import dev.keywright.InvalidRequestException.Field;
import dev.keywright.KeyAttributes;
import dev.keywright.KeyConflictException;
import dev.keywright.KeyId;
import dev.keywright.KeyOwner;
import dev.keywright.OutcomeUnknownException;
import dev.keywright.Verified;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.KeyChange;
import dev.keywright.management.KeyQuery;
import dev.keywright.management.NewKey;
import dev.keywright.management.TenantKeys;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredValues;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Descriptions and attributes of keys. */
class AttributesTest {

    private static final KeyAttributes GOLD = KeyAttributes.of(Map.of("customer", "c-17", "plan", "gold"));
    private static final KeyAttributes SILVER = KeyAttributes.of(Map.of("plan", "silver"));
    private static final NewKey REQUEST = NewKey.named("Reporting Script")
            .allowing("read:people")
            .describedAs("Sends the weekly report")
            .attributes(GOLD);

    private final Fixture fixture = new Fixture();
    private final InMemoryKeyStore memory = new InMemoryKeyStore();
    private final KeyStore store = mock(KeyStore.class, delegatesTo(memory));
    private final ApiKeys keys = fixture.keysIn(store);
    private final TenantKeys north = keys.managedBy(ADMIN);
    private final IssuedKey issued = north.issue(REQUEST);
    private final KeyId id = issued.key().id();
    private final String token = issued.secret().reveal();

    @Test
    void verificationReturnsTheAttributes() {
        assertThat(verified().attributes()).isEqualTo(GOLD);

        north.change(id, KeyChange.ifVersion(1).attributes(SILVER));

        assertThat(verified().attributes()).isEqualTo(SILVER);
    }

    @Test
    void eachPartIsChangedByItself() {
        ApiKey described = north.change(id, KeyChange.ifVersion(1).describe("Sends the daily report"));
        assertThat(described.description()).contains("Sends the daily report");
        assertThat(described.attributes()).isEqualTo(GOLD);
        assertThat(described.name()).isEqualTo(issued.key().name());

        ApiKey without = north.change(id, KeyChange.ifVersion(2).describe("").attributes(KeyAttributes.NONE));
        assertThat(without.description()).isEmpty();
        assertThat(without.attributes().isEmpty()).isTrue();
        assertThat(north.get(id)).isEqualTo(without);
    }

    @Test
    void renamingKeepsDescriptionAndAttributes() {
        ApiKey renamed = north.change(id, KeyChange.ifVersion(1).rename("Payroll"));

        assertThat(renamed.description()).contains("Sends the weekly report");
        assertThat(renamed.attributes()).isEqualTo(GOLD);
    }

    @Test
    void successorInheritsDescriptionAndAttributes() {
        ApiKey successor = north.rotate(id, Duration.ofHours(1)).successor().key();

        assertThat(successor.description()).contains("Sends the weekly report");
        assertThat(successor.attributes()).isEqualTo(GOLD);
    }

    @Test
    void textOfAKeyIsRefusedInEveryPart() {
        String pasted = "my " + token + "!";
        KeyAttributes inValue = KeyAttributes.of(Map.of("customer", "c-17", "plan", pasted));
        KeyAttributes inName = KeyAttributes.of(Map.of(token, "gold"));
        KeyChange change = KeyChange.ifVersion(1);
        NewKey request = NewKey.named("Other").allowing("read:people");

        for (ThrowingCallable call : new ThrowingCallable[] {
            () -> north.issue(request.describedAs(pasted)), () -> north.change(id, change.describe(pasted))
        }) {
            assertRefused(call, Field.DESCRIPTION, "description must not contain the text of an API key");
        }
        for (ThrowingCallable call : new ThrowingCallable[] {
            () -> north.issue(request.attributes(inValue)), () -> north.change(id, change.attributes(inValue))
        }) {
            assertRefused(
                    call,
                    Field.ATTRIBUTES,
                    "attributes must not contain the text of an API key, as the value of plan does");
        }
        for (ThrowingCallable call : new ThrowingCallable[] {
            () -> north.issue(request.attributes(inName)), () -> north.change(id, change.attributes(inName))
        }) {
            assertRefused(call, Field.ATTRIBUTES, "attributes must not contain the text of an API key");
        }
        for (ThrowingCallable call : new ThrowingCallable[] {
            () -> north.issue(request.ownedBy(KeyOwner.service(pasted))),
            () -> north.change(id, change.transferTo(KeyOwner.service(pasted)))
        }) {
            assertRefused(call, Field.OWNER, "owner must not contain the text of an API key");
        }
        assertThat(north.list(KeyQuery.all()).items()).containsExactly(issued.key());
    }

    private void assertRefused(ThrowingCallable call, Field field, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        e -> assertThat(e.field()).isEqualTo(field))
                .hasMessage(message);
    }

    @Test
    void changeOfAttributesWithUnknownOutcomeIsRetried() {
        doAnswer(call -> {
                    memory.change(call.getArgument(0), call.getArgument(1));
                    throw new OutcomeUnknownException(id, null);
                })
                .doAnswer(call -> memory.change(call.getArgument(0), call.getArgument(1)))
                .when(store)
                .change(any(), any());

        assertThat(north.change(id, KeyChange.ifVersion(1).attributes(SILVER)).attributes())
                .isEqualTo(SILVER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"attributes", "description", "owner"})
    void anotherChangeDuringAnUnknownOutcomeIsAConflict(String part) {
        UnaryOperator<ApiKey.Builder> other = switch (part) {
            case "attributes" -> key -> key.attributes(SILVER);
            case "description" -> key -> key.description("of another person");
            default -> key -> key.owner(KeyOwner.service("payroll"));
        };
        doAnswer(call -> {
                    memory.change(
                            other.apply(StoredValues.keyBuilder(call.<ApiKey>getArgument(0)))
                                    .build(),
                            fixture.now());
                    throw new OutcomeUnknownException(id, null);
                })
                .doAnswer(call -> memory.change(call.getArgument(0), call.getArgument(1)))
                .when(store)
                .change(any(), any());

        assertThatThrownBy(() -> north.change(id, KeyChange.ifVersion(1).rename("Payroll")))
                .isInstanceOfSatisfying(
                        KeyConflictException.class,
                        e -> assertThat(e.rule()).isEqualTo(KeyConflictException.Rule.VERSION));
    }

    private Verified verified() {
        return (Verified) keys.verify(token);
    }
}
