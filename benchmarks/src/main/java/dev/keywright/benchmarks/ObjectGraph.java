package dev.keywright.benchmarks;

import dev.keywright.spi.KeyStore;
import java.lang.ref.Reference;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.openjdk.jol.util.ObjectUtils;
import org.openjdk.jol.vm.VM;

/**
 * The number and size of all objects reachable from a root, by class, as JOL reports them for this JVM. The traversal stops at stores,
 * threads and class loaders, which reach everything else.
 */
final class ObjectGraph {

    private final Map<String, Long> bytes;
    private final Map<String, Long> objects;

    private ObjectGraph(Map<String, Long> bytes, Map<String, Long> objects) {
        this.bytes = bytes;
        this.objects = objects;
    }

    /** Traverses the graph. JOL's own traversal keeps the path to each object, too much memory for tens of millions. */
    static ObjectGraph of(Object root) {
        Map<String, Long> bytes = new TreeMap<>();
        Map<String, Long> objects = new TreeMap<>();
        Map<Class<?>, List<Field>> fields = new HashMap<>();
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> open = new ArrayDeque<>();
        seen.add(root);
        open.push(root);
        while (!open.isEmpty()) {
            Object object = open.pop();
            Class<?> type = object.getClass();
            bytes.merge(type.getTypeName(), VM.current().sizeOf(object), Long::sum);
            objects.merge(type.getTypeName(), 1L, Long::sum);
            if (type.isArray()) {
                if (!type.getComponentType().isPrimitive()) {
                    for (int i = 0; i < Array.getLength(object); i++) {
                        reach(Array.get(object, i), seen, open);
                    }
                }
            } else {
                for (Field field : fields.computeIfAbsent(type, ObjectGraph::references)) {
                    reach(ObjectUtils.value(object, field), seen, open);
                }
            }
        }
        return new ObjectGraph(bytes, objects);
    }

    private static void reach(@Nullable Object object, Set<Object> seen, Deque<Object> open) {
        if (object == null || isBoundary(object)) {
            return;
        }
        if (seen.add(object)) {
            open.push(object);
        }
    }

    private static boolean isBoundary(Object object) {
        return object instanceof KeyStore
                || object instanceof Thread
                || object instanceof ClassLoader
                || object instanceof Class<?>;
    }

    private static List<Field> references(Class<?> type) {
        List<Field> all = new ArrayList<>();
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            // Referents are counted only if something else holds them.
            if (each != Reference.class) {
                for (Field field : each.getDeclaredFields()) {
                    if (!Modifier.isStatic(field.getModifiers())
                            && !field.getType().isPrimitive()) {
                        all.add(field);
                    }
                }
            }
        }
        return all;
    }

    /** {@return the difference to another graph} */
    ObjectGraph minus(ObjectGraph other) {
        return new ObjectGraph(minus(bytes, other.bytes), minus(objects, other.objects));
    }

    private static Map<String, Long> minus(Map<String, Long> some, Map<String, Long> others) {
        Map<String, Long> rest = new TreeMap<>(some);
        others.forEach((name, number) -> rest.merge(name, -number, Long::sum));
        return rest;
    }

    long bytes() {
        return bytes.values().stream().mapToLong(Long::longValue).sum();
    }

    long objects() {
        return objects.values().stream().mapToLong(Long::longValue).sum();
    }

    long bytes(String type) {
        return bytes.getOrDefault(type, 0L);
    }

    long objects(String type) {
        return objects.getOrDefault(type, 0L);
    }

    /** {@return the classes whose objects take most memory, in descending order} */
    List<String> largest(int limit) {
        return bytes.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(limit)
                .map(Map.Entry::getKey)
                .toList();
    }
}
