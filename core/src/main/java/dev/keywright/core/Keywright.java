package dev.keywright.core;

import dev.keywright.core.format.PepperSet;
import dev.keywright.management.ScopeCatalog;
import dev.keywright.spi.KeyStore;
import java.util.Arrays;
import java.util.Objects;

/**
 * Entry point: builds {@link dev.keywright.ApiKeys}.
 *
 * <pre>{@code
 * ApiKeys keys = Keywright.builder().store(store).scopes(scopes).pepper(pepper).build();
 * }</pre>
 *
 * <p>The store, the scopes and the pepper are required, in this order: without one of them the code does not compile. All other
 * options have defaults. The stages are immutable and thread-safe.
 */
public final class Keywright {

    private Keywright() {}

    /**
     * Starts a builder.
     *
     * @return the stage that takes the store
     */
    public static StoreStage builder() {
        return new StoreStage();
    }

    /** Stage of the builder that takes the store. */
    public static final class StoreStage {

        private StoreStage() {}

        /**
         * Sets the store of the keys.
         *
         * @param store the store
         * @return the stage that takes the scopes
         */
        public ScopesStage store(KeyStore store) {
            return new ScopesStage(Objects.requireNonNull(store));
        }
    }

    /** Stage of the builder that takes the scopes. */
    public static final class ScopesStage {

        private final KeyStore store;

        private ScopesStage(KeyStore store) {
            this.store = store;
        }

        /**
         * Sets the scopes that keys can be issued with. A key keeps a scope that is no longer in the catalog.
         *
         * @param scopes the catalog
         * @return the stage that takes the pepper
         */
        public PepperStage scopes(ScopeCatalog scopes) {
            return new PepperStage(store, Objects.requireNonNull(scopes));
        }
    }

    /** Stage of the builder that takes the pepper. */
    public static final class PepperStage {

        private final KeyStore store;
        private final ScopeCatalog scopes;

        private PepperStage(KeyStore store, ScopeCatalog scopes) {
            this.store = store;
            this.scopes = scopes;
        }

        /**
         * Sets the peppers of digests: keys are issued under the first pepper, and verified under all of them. A key keeps its
         * pepper for life; its rotation issues the successor under the present one.
         *
         * <p>A fleet changes its pepper in three steps, each completed on every node before the next: accept the new one; issue
         * under it, and accept the old one; and remove the old one, once {@link
         * dev.keywright.management.KeyOperations#pepperUsage} reports no active keys under it.
         *
         * @param issuing the pepper to issue keys under; {@link Pepper#none()} for no pepper
         * @param accepted further peppers, under which keys are only verified: old ones, or one that will issue later
         * @return the builder, which takes all other options
         */
        public KeywrightBuilder pepper(Pepper issuing, Pepper... accepted) {
            return new KeywrightBuilder(
                    store,
                    scopes,
                    new PepperSet(
                            issuing.keys(),
                            Arrays.stream(accepted).map(Pepper::keys).toList()));
        }
    }
}
