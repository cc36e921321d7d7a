package dev.keywright.core;

import dev.keywright.KeyId;
import dev.keywright.core.TextNames.Name;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.Poll;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Nodes in which something is wrong, as one is tempted to build them. */
final class WrongNodes {

    private WrongNodes() {}

    public static final class NoWait extends InterleavedNode {
        @Override
        Duration waitsFor() {
            return Duration.ZERO;
        }
    }

    public static final class LeaseFromAfterThePoll extends InterleavedNode {
        @Override
        Heart heart(KeyStore of, CacheCounters counted) {
            return new Heart(of, time, lease, entries, counted) {
                @Override
                void follow(Poll poll, long begun) {
                    super.follow(poll, time.nanoTime());
                }
            };
        }
    }

    public static final class ExtendedBeforeForgetting extends InterleavedNode {
        @Override
        Heart heart(KeyStore of, CacheCounters counted) {
            return new Heart(of, time, lease, entries, counted) {
                @Override
                void follow(Poll poll, long begun) {
                    lease.extend(begun, poll.lease());
                    apply(poll);
                }
            };
        }
    }

    public static final class EntryBeforeLease extends InterleavedNode {
        @Override
        CoherentLookUp node(LookUp lookUp, TextNames names, CacheCounters counted) {
            return new CoherentLookUp(lookUp, names, lease, entries, counted) {
                @Override
                public Found find(String text) {
                    @Nullable Found known = entries.get(names.of(text));
                    return known != null && lease.holds() ? known : super.find(text);
                }
            };
        }
    }

    public static final class FillIgnoresTheGeneration extends InterleavedNode {
        @Override
        Entries entries() {
            return new Entries(ROOM) {
                @Override
                synchronized @Nullable Found fill(Name name, Found found, long since) {
                    return put(name, found);
                }
            };
        }
    }

    public static final class GenerationNotRaised extends InterleavedNode {
        @Override
        Entries entries() {
            return new Entries(ROOM) {
                @Override
                void nextGeneration() {
                    // Forgotten.
                }
            };
        }
    }

    /** The check, and then the fill: two steps. */
    @SuppressWarnings("UnsynchronizedOverridesSynchronized")
    public static final class CheckThenFill extends InterleavedNode {
        @Override
        Entries entries() {
            return new Entries(ROOM) {
                @Override
                @Nullable Found fill(Name name, Found found, long since) {
                    if (generation() != since) {
                        return null;
                    }
                    return put(name, found);
                }
            };
        }
    }

    /** The fill, and then the check. */
    @SuppressWarnings("UnsynchronizedOverridesSynchronized")
    public static final class PutThenCheck extends InterleavedNode {
        @Override
        Entries entries() {
            return new Entries(ROOM) {
                @Override
                @Nullable Found fill(Name name, Found found, long since) {
                    Found entry = put(name, found);
                    if (generation() == since) {
                        return entry;
                    }
                    if (found.key() != null) {
                        forget(List.of(found.key().id()), false);
                    }
                    return null;
                }
            };
        }
    }

    /** What belonged to no key stays known so, although keys were inserted. */
    public static final class UnknownForEver extends InterleavedNode {
        @Override
        Entries entries() {
            return new Entries(ROOM) {
                @Override
                synchronized void forget(Collection<KeyId> changed, boolean anyWritten) {
                    super.forget(changed, false);
                }
            };
        }
    }

    /** A beat that is under way while the cache is closed gives it another lease. */
    public static final class LeasedAfterItsEnd extends InterleavedNode {
        @Override
        Lease lease() {
            return new Lease(time) {
                @Override
                synchronized void endForGood() {
                    end();
                }
            };
        }
    }

    public static final class TooMuchRoom extends InterleavedNode {
        @Override
        Entries entries() {
            return new Entries(ROOM + 1);
        }
    }

    public static final class LeaseThatIsNotLookedAt extends InterleavedNode {
        @Override
        Lease lease() {
            return new Lease(time) {
                @Override
                boolean holds() {
                    return true;
                }
            };
        }
    }
}
