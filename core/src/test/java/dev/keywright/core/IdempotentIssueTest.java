package dev.keywright.core;

import static dev.keywright.core.Fixture.ADMIN;
import static dev.keywright.core.Fixture.SOUTHERN_ADMIN;
import static dev.keywright.core.Fixture.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;

import dev.keywright.AlreadyIssuedException;
import dev.keywright.ApiKey;
import dev.keywright.ApiKeys;
import dev.keywright.InvalidRequestException;
import dev.keywright.KeyConflictException;
import dev.keywright.KeyId;
import dev.keywright.OutcomeUnknownException;
import dev.keywright.StoreUnavailableException;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.KeyListener;
import dev.keywright.management.KeyQuery;
import dev.keywright.management.ManagementSession;
import dev.keywright.management.NewKey;
import dev.keywright.management.TenantKeys;
import dev.keywright.spi.Digest;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A request with an idempotency key issues one key a day, however often it is sent. */
@Timeout(60)
class IdempotentIssueTest {

    private static final NewKey REQUEST =
            NewKey.named("Reporting Script").allowing("read:people").idempotencyKey("req-1");

    private final Fixture fixture = new Fixture();
    private final InMemoryKeyStore memory = new InMemoryKeyStore();
    private final KeyStore store = mock(KeyStore.class, delegatesTo(memory));
    private final List<KeyId> announced = new CopyOnWriteArrayList<>();
    private final ApiKeys keys = fixture.builder(store)
            .listener(new KeyListener() {
                @Override
                public void issued(ApiKey key) {
                    announced.add(key.id());
                }
            })
            .build();
    private final TenantKeys north = keys.managedBy(ADMIN);

    @Test
    void repeatedRequestIssuesNothing() {
        IssuedKey issued = north.issue(REQUEST);

        assertAlreadyIssued(issued, () -> north.issue(REQUEST));
        assertAlreadyIssued(
                issued,
                () -> north.issue(
                        NewKey.named("Another").allowing("write:people").idempotencyKey("req-1")));

        assertThat(north.list(KeyQuery.all()).items()).containsExactly(issued.key());
        keys.close();
        assertThat(announced).containsExactly(issued.key().id());
    }

    @Test
    void requestStaysKnownAfterItsKeyWasRevoked() {
        IssuedKey issued = north.issue(REQUEST);
        north.revoke(issued.key().id(), "lost");

        assertAlreadyIssued(issued, () -> north.issue(REQUEST));
    }

    @Test
    void successorDoesNotAnswerForTheRequest() {
        IssuedKey issued = north.issue(REQUEST);
        north.rotate(issued.key().id(), Duration.ZERO);

        assertAlreadyIssued(issued, () -> north.issue(REQUEST));
    }

    @Test
    void requestIsForgottenAfterADay() {
        IssuedKey first = north.issue(REQUEST);
        fixture.later(KeyStore.ISSUE_REQUEST_WINDOW.minusMillis(1));
        assertAlreadyIssued(first, () -> north.issue(REQUEST));

        fixture.later(Duration.ofMillis(1));

        assertThat(north.issue(REQUEST).key().id()).isNotEqualTo(first.key().id());
    }

    @Test
    void otherRequestsAndOtherTenantsAreIndependent() {
        Set<KeyId> ids = new HashSet<>();
        ids.add(north.issue(REQUEST).key().id());
        ids.add(north.issue(REQUEST.idempotencyKey("REQ-1")).key().id());
        ids.add(keys.managedBy(SOUTHERN_ADMIN).issue(REQUEST).key().id());
        for (int i = 0; i < 2; i++) {
            ids.add(north.issue(NewKey.named("Plain").allowing("read:people"))
                    .key()
                    .id());
        }

        assertThat(ids).hasSize(5);
    }

    @Test
    void invalidRequestIsNotAnsweredByAnEarlierOne() {
        north.issue(REQUEST);

        assertThatThrownBy(() -> north.issue(
                        NewKey.named("Another").allowing("delete:people").idempotencyKey("req-1")))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void repeatedRequestAtTheLimitIsStillRecognized() {
        TenantKeys one = fixture.builder(store).maxActiveKeys(1).build().managedBy(ADMIN);
        IssuedKey issued = one.issue(REQUEST);

        assertAlreadyIssued(issued, () -> one.issue(REQUEST));
        assertThatThrownBy(() -> one.issue(REQUEST.idempotencyKey("req-2"))).isInstanceOf(KeyConflictException.class);
    }

    @Test
    void storeGetsADigestOfTenantAndIdempotencyKey() {
        List<Digest> digests = new ArrayList<>();
        doAnswer(call -> {
                    StoredKey row = call.getArgument(0);
                    row.issueRequest().ifPresent(digests::add);
                    return memory.insert(row, call.getArgument(1), call.getArgument(2));
                })
                .when(store)
                .insert(any(), any(), any());

        // Without the lengths of the parts, the first two would have the same encoding.
        issueIn("ab", "c");
        issueIn("a", "bc");
        issueIn("a", "c");
        issueIn("ä", "c");
        north.issue(NewKey.named("Plain").allowing("read:people"));

        assertThat(digests).hasSize(4).doesNotHaveDuplicates();
    }

    private void issueIn(String tenant, String idempotencyKey) {
        keys.managedBy(ManagementSession.of(TenantId.of(tenant), UserId.of("ada"))
                        .withRoles("Admin"))
                .issue(REQUEST.idempotencyKey(idempotencyKey));
    }

    @Test
    void concurrentRequestsOnTwoNodesIssueOneKey() throws Exception {
        int threads = 8;
        List<TenantKeys> nodes = List.of(north, fixture.keysIn(store).managedBy(ADMIN));
        CyclicBarrier start = new CyclicBarrier(threads);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Optional<KeyId>>> calls = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                TenantKeys node = nodes.get(i % 2);
                Callable<Optional<KeyId>> call = () -> {
                    start.await();
                    try {
                        node.issue(REQUEST);
                        return Optional.empty();
                    } catch (AlreadyIssuedException e) {
                        return Optional.of(e.id());
                    }
                };
                calls.add(pool.submit(call));
            }
            List<Optional<KeyId>> answers = new ArrayList<>();
            for (Future<Optional<KeyId>> call : calls) {
                answers.add(call.get());
            }
            List<ApiKey> issued = north.list(KeyQuery.all()).items();
            assertThat(issued).hasSize(1);
            assertThat(answers).filteredOn(Optional::isEmpty).hasSize(1);
            assertThat(answers)
                    .filteredOn(Optional::isPresent)
                    .containsOnly(Optional.of(issued.get(0).id()));
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void unknownOutcomeOfACommittedInsertDeliversTheSecret() {
        doAnswer(call -> {
                    StoredKey row = call.getArgument(0);
                    memory.insert(row, call.getArgument(1), call.getArgument(2));
                    throw new OutcomeUnknownException(row.key().id(), null);
                })
                .doAnswer(call -> memory.insert(call.getArgument(0), call.getArgument(1), call.getArgument(2)))
                .when(store)
                .insert(any(), any(), any());

        IssuedKey issued = north.issue(REQUEST);

        assertThat(outcome(keys.verify(issued.secret().reveal()))).isEqualTo("VERIFIED");
        assertAlreadyIssued(issued, () -> north.issue(REQUEST));
    }

    @Test
    void unknownOutcomeOfALostInsertCanBeRepeated() {
        doAnswer(call -> {
                    throw new OutcomeUnknownException(
                            call.<StoredKey>getArgument(0).key().id(), null);
                })
                .doAnswer(call -> memory.insert(call.getArgument(0), call.getArgument(1), call.getArgument(2)))
                .when(store)
                .insert(any(), any(), any());

        assertThatThrownBy(() -> north.issue(REQUEST)).isInstanceOf(StoreUnavailableException.class);

        assertThat(north.issue(REQUEST)).isNotNull();
    }

    @Test
    void unknownOutcomeOfARepeatedRequestIssuesNothing() {
        IssuedKey issued = north.issue(REQUEST);
        doAnswer(call -> {
                    StoredKey row = call.getArgument(0);
                    memory.insert(row, call.getArgument(1), call.getArgument(2));
                    throw new OutcomeUnknownException(row.key().id(), null);
                })
                .doAnswer(call -> memory.insert(call.getArgument(0), call.getArgument(1), call.getArgument(2)))
                .when(store)
                .insert(any(), any(), any());

        assertThatThrownBy(() -> north.issue(REQUEST)).isInstanceOf(StoreUnavailableException.class);

        assertAlreadyIssued(issued, () -> north.issue(REQUEST));
        assertThat(north.list(KeyQuery.all()).items()).containsExactly(issued.key());
    }

    private static void assertAlreadyIssued(IssuedKey issued, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        AlreadyIssuedException.class,
                        e -> assertThat(e.id()).isEqualTo(issued.key().id()))
                .hasMessageContaining(issued.key().id().value())
                .hasMessageNotContaining(issued.secret().reveal());
    }
}
