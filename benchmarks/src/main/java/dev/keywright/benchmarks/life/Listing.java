package dev.keywright.benchmarks.life;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.management.KeyPage;
import dev.keywright.management.KeyQuery;
import dev.keywright.management.PageCursor;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Somebody turns the pages of a list, and compares it with the model. */
final class Listing {

    private final Model model;
    private final TenantHistory tenant;
    private final KeyQuery query;
    private final Map<KeyHistory, Look> before = new HashMap<>();
    private final Set<KeyHistory> listed = new HashSet<>();
    private final Instant from;
    private Instant lastCreated = Instant.EPOCH;
    private boolean isWalkingInCircles;

    private Listing(Model model, TenantHistory tenant, KeyQuery query) {
        this.model = model;
        this.tenant = tenant;
        this.query = query;
        this.from = model.now();
        tenant.keys().forEach(key -> before.put(key, key.look()));
    }

    /**
     * Lists and compares.
     *
     * @param model what must be listed
     * @param node where to ask
     * @param tenant whose keys
     * @param query which, and how many on a page
     * @param by who asks
     */
    static void compare(Model model, Node node, TenantHistory tenant, KeyQuery query, Actor by) {
        Listing listing = new Listing(model, tenant, query);
        @Nullable PageCursor next = null;
        do {
            KeyPage<ApiKey> page = node.keysOf(tenant, by).list(next == null ? query : query.from(next));
            listing.add(page.items());
            next = page.next().orElse(null);
        } while (next != null && !listing.isWalkingInCircles);
        listing.end();
    }

    private void add(List<ApiKey> page) {
        Span span = new Span(from, model.now());
        for (ApiKey row : page) {
            model.tally().check();
            if (row.createdAt().isBefore(lastCreated)) {
                model.faults().add("a list is not in order at " + row);
            }
            lastCreated = row.createdAt();
            if (!row.tenant().equals(tenant.id()) || !mayBe(row, span)) {
                model.faults()
                        .add("in a list of " + query.state() + " keys of " + tenant.id() + ": " + row + ", "
                                + KeyHistory.text(row));
            }
            model.find(row.id()).ifPresentOrElse(key -> add(key, row), () -> model.sawStranger(row));
        }
    }

    private void add(KeyHistory key, ApiKey row) {
        if (!listed.add(key)) {
            isWalkingInCircles = true;
            key.fault("listed twice");
        }
        key.saw(before.getOrDefault(key, key.birth()), row, "a list");
    }

    private void end() {
        Span span = new Span(from, model.now());
        before.forEach((key, look) -> {
            model.tally().check();
            if (!listed.contains(key) && mustBe(key, look, span)) {
                key.fault("not in a list of " + query.state() + " keys");
            }
        });
    }

    private boolean mayBe(ApiKey row, Span span) {
        if (query.state().isEmpty()) {
            return true;
        }
        return switch (query.state().get()) {
            case ACTIVE -> span.mayWork(row);
            case REVOKED -> row.revocation().isPresent();
            case EXPIRED -> span.mayHaveExpired(row);
        };
    }

    /** Whether it was so all the time. */
    private boolean mustBe(KeyHistory key, Look look, Span span) {
        if (query.state().isEmpty()) {
            return true;
        }
        Optional<ApiKey> now = key.settled();
        return switch (query.state().get()) {
            case ACTIVE -> now.filter(span::mustWork).isPresent();
            case REVOKED -> look.dead();
            case EXPIRED -> now.filter(new Span(from, from)::mayHaveExpired).isPresent();
        };
    }
}
