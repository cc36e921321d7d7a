package dev.keywright.benchmarks.life;

import dev.keywright.Actor;
import dev.keywright.KeyName;
import dev.keywright.Scope;
import dev.keywright.Scopes;
import dev.keywright.UserId;
import dev.keywright.management.KeyChange;
import dev.keywright.management.KeyQuery;
import dev.keywright.management.NewKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One of those who use and manage keys: at each step they do something with some key, by some node. For one thread. */
final class Worker {

    private static final List<Scope> SCOPES = Run.OFFERED.scopes();
    private static final List<KeyName> NAMES =
            IntStream.range(0, 50).mapToObj(i -> KeyName.of("Script " + i)).toList();

    private final Model model;
    private final KeyRing ring;
    private final List<Node> nodes;
    private final Function<SplittableRandom, Step> mix;
    private final SplittableRandom random;
    private final Read read;
    private final Write write;

    /**
     * Takes the parts.
     *
     * @param mix what is done how often
     * @param random what all choices come from, for this worker alone
     */
    Worker(Model model, KeyRing ring, List<Node> nodes, Function<SplittableRandom, Step> mix, SplittableRandom random) {
        this.model = model;
        this.ring = ring;
        this.nodes = nodes;
        this.mix = mix;
        this.random = random;
        this.read = new Read(model);
        this.write = new Write(model);
    }

    /** Puts a first key into a place. */
    void fill(int place) {
        ring.put(place, issued(ring.tenant(place)));
    }

    private KeyHistory issued(TenantHistory tenant) {
        NewKey request = NewKey.named(name()).allowing(scopes());
        return write.issue(node(), tenant, request, lifetime(), somebody());
    }

    /** Does something, and says what is not as it must be. */
    void step() {
        int place = ring.any(random);
        KeyHistory key = ring.in(place);
        Step step = mix.apply(random);
        if (step != Step.ISSUE && isOver(key) && random.nextBoolean()) {
            step = Step.ISSUE;
        }
        model.tally().step(step);
        try {
            step(step, place, key);
        } catch (RuntimeException unforeseen) {
            key.fault("at the step " + step + ", an unforeseen failure: " + unforeseen + " at "
                    + List.of(unforeseen.getStackTrace()));
        }
    }

    private void step(Step step, int place, KeyHistory inUse) {
        KeyHistory key = random.nextInt(8) == 0 ? ring.former(random) : inUse;
        switch (step) {
            case VERIFY -> read.verify(node(), key, null);
            case VERIFY_WITH_SCOPE -> read.verify(node(), key, scope());
            case VERIFY_FORGED -> read.verifyForged(node(), key);
            case GET -> read.get(node(), key, somebody());
            case ASK_ELSEWHERE -> read.askElsewhere(node(), key, elsewhere(key), random.nextInt(5), somebody());
            case LIST -> list(small());
            case WRITE_USES_DOWN -> read.writeUsesDown(node(), key, somebody());
            case RENAME -> write.change(step, node(), key, now(key).rename(name()), somebody());
            case RESCOPE -> write.change(step, node(), key, now(key).rescope(scopes()), somebody());
            case CHANGE_OLD_VERSION ->
                write.change(step, node(), key, before(key).rename(name()), somebody());
            case ROTATE ->
                write.rotate(node(), key, overlap(), somebody()).ifPresent(next -> ring.replace(place, key, next));
            case END_ROTATION -> write.endRotation(node(), key.predecessor().orElse(key), somebody());
            case REVOKE -> write.revoke(node(), key, somebody());
            case REVOKE_SEVERAL -> write.revokeSeveral(node(), key.tenant().some(random), somebody());
            case REVOKE_BY_POSSESSION -> write.revokeByPossession(node(), key, random.nextInt(8) == 0, somebody());
            case REVOKE_ALL -> write.revokeAll(node(), isSmall(key.tenant()) ? key.tenant() : small(), somebody());
            case ISSUE -> ring.replace(place, inUse, issued(ring.tenant(place)));
        }
    }

    /** {@return a different person each time, by whom it is told who has changed a key} */
    private Actor somebody() {
        return Actor.person(UserId.of("person-" + model.tick()));
    }

    private Node node() {
        return nodes.get(random.nextInt(nodes.size()));
    }

    private boolean isOver(KeyHistory key) {
        return !key.mayWork(model.now());
    }

    private TenantHistory small() {
        return model.tenants().get(random.nextInt(Run.SMALL_TENANTS));
    }

    private boolean isSmall(TenantHistory tenant) {
        return model.tenants().indexOf(tenant) < Run.SMALL_TENANTS;
    }

    private TenantHistory elsewhere(KeyHistory key) {
        int own = model.tenants().indexOf(key.tenant());
        int other = own + 1 + random.nextInt(model.tenants().size() - 1);
        return model.tenants().get(other % model.tenants().size());
    }

    private void list(TenantHistory tenant) {
        int pages = 1 + random.nextInt(8);
        int limit = Math.min(KeyQuery.MAX_LIMIT, 1 + tenant.keys().size() / pages);
        Listing.compare(model, node(), tenant, query().limit(limit), somebody());
    }

    private KeyQuery query() {
        return switch (random.nextInt(4)) {
            case 0 -> KeyQuery.all();
            case 1 -> KeyQuery.active();
            case 2 -> KeyQuery.revoked();
            default -> KeyQuery.expired();
        };
    }

    private static KeyChange now(KeyHistory key) {
        return KeyChange.ifVersion(key.latest().version());
    }

    private static KeyChange before(KeyHistory key) {
        return KeyChange.ifVersion(key.latest().version() - 1);
    }

    private KeyName name() {
        return NAMES.get(random.nextInt(NAMES.size()));
    }

    private Scope scope() {
        return SCOPES.get(random.nextInt(SCOPES.size()));
    }

    private Scopes scopes() {
        List<Scope> some = new ArrayList<>(SCOPES);
        Collections.swap(some, 0, random.nextInt(some.size()));
        Collections.swap(some, 1, random.nextInt(some.size()));
        return Scopes.of(some.subList(0, 1 + random.nextInt(some.size() - 1)));
    }

    private Duration overlap() {
        return switch (random.nextInt(3)) {
            case 0 -> Duration.ZERO;
            case 1 -> Duration.ofMillis(1 + random.nextInt(50));
            default -> Duration.ofHours(1);
        };
    }

    private @Nullable Duration lifetime() {
        return switch (random.nextInt(8)) {
            case 0 -> Duration.ofMillis(1 + random.nextInt(5_000));
            case 1 -> Duration.ofHours(1);
            default -> null;
        };
    }
}
