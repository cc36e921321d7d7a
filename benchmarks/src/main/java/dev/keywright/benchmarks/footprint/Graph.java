package dev.keywright.benchmarks.footprint;

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
 * How many objects of each class can be reached from one, and how large they are, as JOL knows it of this JVM. It ends at stores,
 * threads and class loaders, which lead everywhere.
 */
final class Graph {

    private final Map<String, Long> bytes;
    private final Map<String, Long> objects;

    private Graph(Map<String, Long> bytes, Map<String, Long> objects) {
        this.bytes = bytes;
        this.objects = objects;
    }

    /** JOL itself would do this, but it keeps a record of each object, and of how it came to it: too much for tens of millions. */
    static Graph of(Object root) {
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
                for (Field field : fields.computeIfAbsent(type, Graph::references)) {
                    reach(ObjectUtils.value(object, field), seen, open);
                }
            }
        }
        return new Graph(bytes, objects);
    }

    private static void reach(@Nullable Object object, Set<Object> seen, Deque<Object> open) {
        if (object == null || leadsElsewhere(object)) {
            return;
        }
        if (seen.add(object)) {
            open.push(object);
        }
    }

    private static boolean leadsElsewhere(Object object) {
        return object instanceof KeyStore
                || object instanceof Thread
                || object instanceof ClassLoader
                || object instanceof Class<?>;
    }

    private static List<Field> references(Class<?> type) {
        List<Field> all = new ArrayList<>();
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            // What a reference refers to is there because of others.
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

    /** {@return what this has and another has not} */
    Graph less(Graph other) {
        return new Graph(less(bytes, other.bytes), less(objects, other.objects));
    }

    private static Map<String, Long> less(Map<String, Long> some, Map<String, Long> others) {
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

    /** {@return the classes whose objects take most, the first most of all} */
    List<String> largest(int howMany) {
        return bytes.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(howMany)
                .map(Map.Entry::getKey)
                .toList();
    }
}
