package dev.keywright.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.core.TextNames.Name;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EntriesTest {

    private static final Found UNKNOWN = Found.NOTHING;

    private final Entries entries = new Entries(3);

    @Test
    void whatWasFilledIsThereUntilItIsForgotten() {
        fill(1);
        Found second = fill(2);

        entries.forget(List.of(id(1), id(7)), true);

        assertThat(entries.get(name(1))).isNull();
        assertThat(entries.get(name(2))).extracting(Found::key).isEqualTo(second.key());
        entries.forgetAll();
        assertThat(entries.get(name(2))).isNull();
        assertThat(entries.keys()).isZero();
    }

    @Test
    void whatWasFoundBeforeAnythingWasForgottenIsNotRemembered() {
        long before = entries.generation();
        entries.forget(List.of(), false);

        assertThat(entries.fill(name(1), found(1), before)).isNull();
        assertThat(entries.get(name(1))).isNull();
        before = entries.generation();
        entries.forgetAll();
        assertThat(entries.fill(name(1), found(1), before)).isNull();
    }

    @Test
    void whereThereIsNoRoomTheKeyGoesThatNobodyHasUsedSinceItWasLastLookedAt() {
        fill(1);
        fill(2);
        fill(3);
        entries.get(name(1));
        entries.get(name(3));

        fill(4);

        assertThat(entries.get(name(2))).isNull();
        assertThat(IntStream.of(1, 3, 4).mapToObj(i -> entries.get(name(i)))).doesNotContainNull();
        assertThat(entries.keys()).isEqualTo(3);
    }

    @Test
    void whereAllAreUsedOneGoesAllTheSame() {
        IntStream.rangeClosed(1, 3).forEach(this::fill);
        IntStream.rangeClosed(1, 3).forEach(i -> entries.get(name(i)));

        fill(4);

        assertThat(entries.get(name(4))).isNotNull();
        assertThat(IntStream.rangeClosed(1, 3).filter(i -> entries.get(name(i)) != null))
                .hasSize(2);
        assertThat(entries.keys()).isEqualTo(3);
    }

    @Test
    void noTextThatBelongsToNoKeyTakesTheRoomOfAKeyAndTheOldestOfThemGo() {
        IntStream.rangeClosed(1, 3).forEach(this::fill);

        for (int i = 10; i < 10 + 2000; i++) {
            assertThat(entries.fill(name(i), UNKNOWN, entries.generation())).isNotNull();
        }

        assertThat(IntStream.rangeClosed(1, 3).mapToObj(i -> entries.get(name(i))))
                .doesNotContainNull();
        assertThat(IntStream.range(10, 2010).filter(i -> entries.get(name(i)) != null))
                .hasSize(1024)
                .first()
                .isEqualTo(2010 - 1024);
        assertThat(entries.keys()).isEqualTo(3);
    }

    @Test
    void textsThatBelongedToNoKeyAreForgottenOnceAnythingIsWritten() {
        entries.fill(name(10), UNKNOWN, entries.generation());

        entries.forget(List.of(), false);
        assertThat(entries.get(name(10))).extracting(Found::recognised).isEqualTo(true);
        entries.forget(List.of(), true);
        assertThat(entries.get(name(10))).isNull();
    }

    @Test
    void ofTwoTextsOfOneKeyTheLastIsRememberedSoThatNoneEscapes() {
        entries.fill(name(1), found(1), entries.generation());
        entries.fill(name(2), found(1), entries.generation());

        assertThat(entries.get(name(1))).isNull();
        entries.forget(List.of(id(1)), true);
        assertThat(entries.get(name(2))).isNull();
    }

    @Test
    void whatKeysHaveInCommonIsKeptOnce() {
        ApiKey first = key(fill(1));
        ApiKey second = key(fill(2));
        assertThat(first.tenant()).isNotSameAs(second.tenant());

        ApiKey one = key(entries.get(name(1)));
        ApiKey other = key(entries.get(name(2)));

        assertThat(List.of(one, other)).containsExactly(first, second);
        assertThat(one.tenant()).isSameAs(other.tenant());
        assertThat(one.scopes()).isSameAs(other.scopes());
        assertThat(one.createdBy()).isSameAs(other.createdBy());
    }

    private static ApiKey key(@Nullable Found found) {
        return Objects.requireNonNull(Objects.requireNonNull(found).key());
    }

    private Found fill(int number) {
        Found found = found(number);
        assertThat(entries.fill(name(number), found, entries.generation())).isNotNull();
        return found;
    }

    private static Found found(int number) {
        return new Found(true, SampleKeys.key("north", id(number).value()));
    }

    private static KeyId id(int number) {
        return KeyId.of("key" + number);
    }

    private static Name name(int number) {
        return new Name(number, -number);
    }
}
