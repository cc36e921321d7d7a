package dev.keywright;

import dev.keywright.internal.ValueAccess;

/** Opens the constructors of this package to core and the SPI. */
final class PackageAccess extends ValueAccess {

    @Override
    public Verified verified(ApiKey key) {
        return Verified.of(key);
    }

    @Override
    public Rejected malformed() {
        return Rejected.malformed();
    }

    @Override
    public Rejected unknown() {
        return Rejected.unknown();
    }

    @Override
    public Rejected revoked(ApiKey key) {
        return Rejected.revoked(key);
    }

    @Override
    public Rejected expired(ApiKey key) {
        return Rejected.expired(key);
    }

    @Override
    public Rejected suspended(ApiKey key) {
        return Rejected.suspended(key);
    }

    @Override
    public Rejected missingScope(ApiKey key, Scope missing) {
        return Rejected.missingScope(key, missing);
    }

    @Override
    public ApiKey.Builder keyBuilder() {
        return ApiKey.builder();
    }

    @Override
    public ApiKey.Builder keyBuilder(ApiKey key) {
        return key.toBuilder();
    }

    @Override
    public Actor actor(Actor.Kind kind, String name) {
        return new Actor(kind, name);
    }
}
