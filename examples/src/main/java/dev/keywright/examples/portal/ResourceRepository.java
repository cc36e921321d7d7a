package dev.keywright.examples.portal;

import dev.keywright.TenantId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * In-memory repository of the resources of one kind. Every method takes the district; the resources of other districts are not
 * visible. Thread-safe.
 */
final class ResourceRepository {

    private final List<String> fields;
    private final Map<TenantId, Map<String, Resource>> districts = new HashMap<>();

    ResourceRepository(String... fields) {
        this.fields = List.of(fields);
    }

    /** {@return the names of the fields} */
    List<String> fields() {
        return fields;
    }

    synchronized List<Resource> list(TenantId district) {
        return List.copyOf(of(district).values());
    }

    synchronized Optional<Resource> find(TenantId district, String id) {
        return Optional.ofNullable(of(district).get(id));
    }

    /** Adds a resource under a random id: a counter would reveal how many resources other districts create. */
    Resource add(TenantId district, Map<String, String> values) {
        return add(district, UUID.randomUUID().toString(), values);
    }

    synchronized Resource add(TenantId district, String id, Map<String, String> values) {
        Resource resource = resource(id, values);
        of(district).put(id, resource);
        return resource;
    }

    synchronized Optional<Resource> replace(TenantId district, String id, Map<String, String> values) {
        return Optional.ofNullable(of(district).computeIfPresent(id, (same, old) -> resource(id, values)));
    }

    private Resource resource(String id, Map<String, String> values) {
        Map<String, String> ordered = new LinkedHashMap<>();
        fields.forEach(field -> ordered.put(field, values.get(field)));
        return new Resource(id, ordered);
    }

    private Map<String, Resource> of(TenantId district) {
        return districts.computeIfAbsent(district, first -> new LinkedHashMap<>());
    }
}
