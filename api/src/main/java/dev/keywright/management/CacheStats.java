package dev.keywright.management;

import java.time.Duration;
import java.util.Objects;

/**
 * Statistics of one node's cache. Counters start when the node is built, and are read one after the other, not in one
 * snapshot.
 */
public final class CacheStats {

    private final Duration leaseLeft;
    private final long revision;
    private final int keys;
    private final long hits;
    private final long misses;
    private final long readThroughs;
    private final long refusedFills;
    private final long staleLookups;
    private final long flushes;
    private final long lapses;
    private final long failedPolls;
    private final Duration lastPoll;

    private CacheStats(Builder b) {
        this.leaseLeft = b.leaseLeft;
        this.revision = b.revision;
        this.keys = b.keys;
        this.hits = b.hits;
        this.misses = b.misses;
        this.readThroughs = b.readThroughs;
        this.refusedFills = b.refusedFills;
        this.staleLookups = b.staleLookups;
        this.flushes = b.flushes;
        this.lapses = b.lapses;
        this.failedPolls = b.failedPolls;
        this.lastPoll = b.lastPoll;
    }

    /** {@return a builder with every value zero} */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * {@return how long the cache may still answer without polling; zero if it may not, so that each verification is a
     * lookup}
     */
    public Duration leaseLeft() {
        return leaseLeft;
    }

    /** {@return the revision up to which changes are applied; 0 before the first poll} */
    public long revision() {
        return revision;
    }

    /** {@return the number of cached keys} */
    public int keys() {
        return keys;
    }

    /** {@return the number of verifications answered from the cache} */
    public long hits() {
        return hits;
    }

    /** {@return the number of lookups for keys that were not cached} */
    public long misses() {
        return misses;
    }

    /** {@return the number of lookups made without a valid lease} */
    public long readThroughs() {
        return readThroughs;
    }

    /**
     * {@return the number of lookups not cached, because their key or tenant was written meanwhile or the cache was
     * flushed}
     */
    public long refusedFills() {
        return refusedFills;
    }

    /**
     * {@return the number of lookups refused because the store answered from a revision older than the applied one:
     * the data source leads to a lagging replica}
     */
    public long staleLookups() {
        return staleLookups;
    }

    /** {@return the number of times that the whole cache was cleared} */
    public long flushes() {
        return flushes;
    }

    /** {@return the number of polls that found the lease expired, the first poll included} */
    public long lapses() {
        return lapses;
    }

    /** {@return the number of failed polls} */
    public long failedPolls() {
        return failedPolls;
    }

    /** {@return the duration of the last successful poll; zero before the first} */
    public Duration lastPoll() {
        return lastPoll;
    }

    @Override
    public String toString() {
        return "CacheStats[leaseLeft=" + leaseLeft + ", revision=" + revision + ", keys=" + keys + ", hits=" + hits
                + ", misses=" + misses + ", readThroughs=" + readThroughs + ", refusedFills=" + refusedFills
                + ", staleLookups=" + staleLookups + ", flushes=" + flushes + ", lapses=" + lapses + ", failedPolls="
                + failedPolls + ", lastPoll=" + lastPoll + "]";
    }

    /** Builder for the cache that reports. Not thread-safe. */
    public static final class Builder {

        private Duration leaseLeft = Duration.ZERO;
        private long revision;
        private int keys;
        private long hits;
        private long misses;
        private long readThroughs;
        private long refusedFills;
        private long staleLookups;
        private long flushes;
        private long lapses;
        private long failedPolls;
        private Duration lastPoll = Duration.ZERO;

        private Builder() {}

        /**
         * Sets {@link CacheStats#leaseLeft}.
         *
         * @param value the value
         * @return this builder
         */
        public Builder leaseLeft(Duration value) {
            this.leaseLeft = Objects.requireNonNull(value);
            return this;
        }

        /**
         * Sets {@link CacheStats#revision}.
         *
         * @param value the value
         * @return this builder
         */
        public Builder revision(long value) {
            this.revision = value;
            return this;
        }

        /**
         * Sets {@link CacheStats#keys}.
         *
         * @param value the value
         * @return this builder
         */
        public Builder keys(int value) {
            this.keys = value;
            return this;
        }

        /**
         * Sets {@link CacheStats#hits}.
         *
         * @param value the value
         * @return this builder
         */
        public Builder hits(long value) {
            this.hits = value;
            return this;
        }

        /**
         * Sets {@link CacheStats#misses}.
         *
         * @param value the value
         * @return this builder
         */
        public Builder misses(long value) {
            this.misses = value;
            return this;
        }

        /**
         * Sets {@link CacheStats#readThroughs}.
         *
         * @param value the value
         * @return this builder
         */
        public Builder readThroughs(long value) {
            this.readThroughs = value;
            return this;
        }

        /**
         * Sets {@link CacheStats#refusedFills}.
         *
         * @param value the value
         * @return this builder
         */
        public Builder refusedFills(long value) {
            this.refusedFills = value;
            return this;
        }

        /**
         * Sets {@link CacheStats#staleLookups}.
         *
         * @param value the value
         * @return this builder
         */
        public Builder staleLookups(long value) {
            this.staleLookups = value;
            return this;
        }

        /**
         * Sets {@link CacheStats#flushes}.
         *
         * @param value the value
         * @return this builder
         */
        public Builder flushes(long value) {
            this.flushes = value;
            return this;
        }

        /**
         * Sets {@link CacheStats#lapses}.
         *
         * @param value the value
         * @return this builder
         */
        public Builder lapses(long value) {
            this.lapses = value;
            return this;
        }

        /**
         * Sets {@link CacheStats#failedPolls}.
         *
         * @param value the value
         * @return this builder
         */
        public Builder failedPolls(long value) {
            this.failedPolls = value;
            return this;
        }

        /**
         * Sets {@link CacheStats#lastPoll}.
         *
         * @param value the value
         * @return this builder
         */
        public Builder lastPoll(Duration value) {
            this.lastPoll = Objects.requireNonNull(value);
            return this;
        }

        /** {@return the statistics} */
        public CacheStats build() {
            return new CacheStats(this);
        }
    }
}
