package dev.keywright.core.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.keywright.KeyId;
import dev.keywright.Revocation;
import dev.keywright.TenantId;
import dev.keywright.core.CoreClasses;
import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.core.common.MonotonicTime;
import dev.keywright.core.event.EventPublisher;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredValues;
import dev.keywright.spi.WriteResult;
import java.lang.reflect.Method;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Only {@link WriteCoordinator} writes keys to the store, so that each write waits for its barrier. The rule detects calls and
 * method references, on the interface and on any implementation.
 */
class WritingRuleTest {

    private static final Set<String> READS = Set.of("find", "findByDigest", "list", "originsInUse", "countByOrigin");

    /** All methods except reads: a method that is added to the store counts as a write until it is listed above. */
    private static final Set<String> WRITES = Arrays.stream(KeyStore.class.getMethods())
            .map(Method::getName)
            .filter(name -> !READS.contains(name))
            .collect(Collectors.toSet());

    private static final Revocation REVOCATION = new Revocation(Instant.EPOCH, StoredValues.holder(), "");

    /** Classes that call writing methods of the store, and the methods that each may call. */
    private static final Map<String, String> WRITERS = Map.of(
            "WriteCoordinator",
            "[change, forgetEvictions, insert, purge, purgeTenant, replace, resume, revoke, revokeAll, revokeCreatedBy,"
                    + " revokeOwnedBy, suspend]",
            // The coordinator waits once the batch is complete.
            "Batch",
            "[insertAll, revoke]",
            // Passes recordUsage to UsageBuffer and claimExpiring to Maintenance: neither affects a verification.
            "KeywrightBuilder",
            "[usageStore]",
            // Sets the lease that the barriers wait for.
            "RevisionPoller",
            "[openChangeFeed]");

    /** Revokes without waiting. */
    static final class WritesWithoutBarrier {
        WriteResult revoke(KeyStore store, TenantId tenant, KeyId id) {
            return store.revoke(tenant, id, REVOCATION);
        }
    }

    /** Revokes without waiting, by a method reference to an implementation. */
    static final class WritesByReference {
        BiFunction<TenantId, Revocation, ?> revokeAll(InMemoryKeyStore store) {
            return store::revokeAll;
        }
    }

    @Test
    void onlyTheCoordinatorWritesKeys() {
        assertThat(writers(CoreClasses.ALL)).isEqualTo(WRITERS);
    }

    @Test
    void ruleFindsWritesWithoutBarrier() {
        JavaClasses planted =
                new ClassFileImporter().importClasses(WritesWithoutBarrier.class, WritesByReference.class);

        assertThat(writers(planted))
                .isEqualTo(Map.of("WritesWithoutBarrier", "[revoke]", "WritesByReference", "[revokeAll]"));
    }

    @Test
    void onlyReaderAndCoordinatorDependOnTheStore() {
        assertThat(usersOfStores(CoreClasses.ALL))
                .filteredOn(name -> name.startsWith(WriteCoordinator.class.getPackageName()))
                .containsExactly(KeyReader.class.getName(), WriteCoordinator.class.getName());
        assertThat(usersOfStores(new ClassFileImporter().importClasses(WritesWithoutBarrier.class)))
                .containsExactly(WritingRuleTest.class.getName());
    }

    @Test
    void batchWritesNothingAfterItsBarrier() {
        WriteCoordinator writes = new WriteCoordinator(
                new InMemoryKeyStore(),
                MonotonicTime.SYSTEM,
                new EventPublisher(List.of(), MonotonicTime.SYSTEM, text -> false));
        WriteCoordinator.Batch escaped = writes.batch(batch -> batch);

        assertThatThrownBy(escaped::writeNothing).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> escaped.insertAll(List.of())).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> escaped.revoke(TenantId.of("north"), KeyId.of("key_1"), REVOCATION))
                .isInstanceOf(IllegalStateException.class);
    }

    /** {@return for each class, the writing methods of a store that it calls or refers to} */
    private static Map<String, String> writers(JavaClasses classes) {
        Map<String, String> writers = new HashMap<>();
        for (JavaClass type : classes) {
            Set<String> writes = type.getCodeUnitAccessesFromSelf().stream()
                    .filter(access -> !type.isAssignableTo(KeyStore.class))
                    .filter(access -> access.getTargetOwner().isAssignableTo(KeyStore.class))
                    .map(JavaAccess::getName)
                    .filter(WRITES::contains)
                    .collect(Collectors.toCollection(TreeSet::new));
            if (!writes.isEmpty()) {
                writers.put(type.getSimpleName(), writes.toString());
            }
        }
        return writers;
    }

    /** {@return the top-level classes that depend on a store} */
    private static Set<String> usersOfStores(JavaClasses classes) {
        return classes.stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .filter(dependency -> dependency.getTargetClass().isAssignableTo(KeyStore.class))
                .map(dependency -> dependency.getOriginClass().getName().replaceAll("\\$.*", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
