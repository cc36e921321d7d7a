package dev.keywright.benchmarks.life;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.management.Job;
import dev.keywright.management.KeyQuery;
import java.util.List;
import java.util.Optional;

/** What is compared when all is over, and everything was written down. */
final class Audit {

    private static final Actor AUDITOR = Actor.job(new Job("audit"));

    private final Model model;
    private final List<Node> nodes;

    Audit(Model model, List<Node> nodes) {
        this.model = model;
        this.nodes = nodes;
    }

    /** Compares all there is. */
    void compareAll() {
        model.auditStrangers();
        model.keys().forEach(this::compare);
        model.tenants().forEach(TenantHistory::audit);
        for (KeyQuery query : List.of(KeyQuery.all(), KeyQuery.active(), KeyQuery.revoked(), KeyQuery.expired())) {
            for (TenantHistory tenant : model.tenants()) {
                int number = model.tenants().indexOf(tenant) % nodes.size();
                Listing.compare(model, nodes.get(number), tenant, query.limit(KeyQuery.MAX_LIMIT - number), AUDITOR);
            }
        }
    }

    private void compare(KeyHistory key) {
        for (Node node : nodes) {
            Look look = key.look();
            ApiKey row = node.keysOf(key.tenant(), AUDITOR).get(key.first().id());
            key.saw(look, row, "the last get");
            compareUses(key, row, new Span(look.from(), model.now()));
        }
        compareLineage(key, key.latest());
    }

    /** What a key was used for until shortly before it ended may not have been written down. */
    private void compareUses(KeyHistory key, ApiKey row, Span span) {
        model.tally().check();
        boolean right =
                span.mustWork(row) ? key.uses().is(row.usage()) : key.uses().mayBe(row.usage());
        if (!right) {
            key.fault("the usage " + row.usage() + ", but it was " + key.uses());
        }
    }

    private void compareLineage(KeyHistory key, ApiKey row) {
        model.tally().check();
        Optional<KeyId> id = Optional.of(row.id());
        boolean forth = row.successor().isEmpty()
                || model.find(row.successor().get())
                        .filter(next -> next.latest().predecessor().equals(id))
                        .isPresent();
        boolean back = row.predecessor().isEmpty()
                || model.find(row.predecessor().get())
                        .flatMap(old -> old.latest().successor())
                        // Only of a key that is dead can another one have taken the place.
                        .filter(next -> next.equals(row.id()) || !key.mayWork(model.now()))
                        .isPresent();
        if (!forth || !back) {
            key.fault("its lineage does not go both ways: " + KeyHistory.text(row));
        }
    }
}
