package dev.keywright.internal;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.Rejected;
import dev.keywright.Scope;
import dev.keywright.Verified;
import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;

/**
 * Creates the values that applications cannot construct: verification outcomes, keys and actors of any kind.
 *
 * <p>The module system restricts this class to core. On the class path nothing restricts it.
 */
public abstract class ValueAccess {

    private static volatile @Nullable ValueAccess installed;

    private static final class Holder {

        static final ValueAccess INSTANCE = load();

        private static ValueAccess load() {
            try {
                MethodHandles.lookup().ensureInitialized(ApiKey.class);
            } catch (IllegalAccessException e) {
                throw new AssertionError(e);
            }
            ValueAccess access = installed;
            if (access == null) {
                throw new AssertionError("ApiKey must install the access when it is initialized");
            }
            return access;
        }
    }

    /** Restricts subclasses to this module. */
    protected ValueAccess() {}

    /** {@return the one instance} */
    public static ValueAccess get() {
        return Holder.INSTANCE;
    }

    /** Called once, by the static initializer of {@link ApiKey}. */
    public static synchronized void install(ValueAccess access) {
        if (installed != null) {
            throw new IllegalStateException("the access is installed already");
        }
        installed = access;
    }

    public abstract Verified verified(ApiKey key);

    public abstract Rejected malformed();

    public abstract Rejected unknown();

    public abstract Rejected revoked(ApiKey key);

    public abstract Rejected expired(ApiKey key);

    public abstract Rejected suspended(ApiKey key);

    public abstract Rejected missingScope(ApiKey key, Scope missing);

    public abstract ApiKey.Builder keyBuilder();

    public abstract ApiKey.Builder keyBuilder(ApiKey key);

    public abstract Actor actor(Actor.Kind kind, String name);
}
