package dev.keywright.examples.portal;

import dev.keywright.TenantId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Things of one kind, kept apart by district, in memory. Every question names the district: what belongs to another one is
 * not there. Safe for use by many threads.
 */
final class Records {

    private final List<String> fields;
    private final Map<TenantId, Map<String, DistrictRecord>> districts = new HashMap<>();

    Records(String... fields) {
        this.fields = List.of(fields);
    }

    /** {@return the names of what is known of each thing} */
    List<String> fields() {
        return fields;
    }

    synchronized List<DistrictRecord> list(TenantId district) {
        return List.copyOf(of(district).values());
    }

    synchronized Optional<DistrictRecord> find(TenantId district, String id) {
        return Optional.ofNullable(of(district).get(id));
    }

    /** Adds a thing under a random id: from a count one could tell how much other districts create. */
    DistrictRecord add(TenantId district, Map<String, String> values) {
        return add(district, UUID.randomUUID().toString(), values);
    }

    synchronized DistrictRecord add(TenantId district, String id, Map<String, String> values) {
        DistrictRecord entry = entry(id, values);
        of(district).put(id, entry);
        return entry;
    }

    synchronized Optional<DistrictRecord> replace(TenantId district, String id, Map<String, String> values) {
        return Optional.ofNullable(of(district).computeIfPresent(id, (same, old) -> entry(id, values)));
    }

    private DistrictRecord entry(String id, Map<String, String> values) {
        Map<String, String> inOrder = new LinkedHashMap<>();
        fields.forEach(field -> inOrder.put(field, values.get(field)));
        return new DistrictRecord(id, inOrder);
    }

    private Map<String, DistrictRecord> of(TenantId district) {
        return districts.computeIfAbsent(district, first -> new LinkedHashMap<>());
    }
}
