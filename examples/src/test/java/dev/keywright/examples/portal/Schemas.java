package dev.keywright.examples.portal;

import static dev.keywright.examples.portal.OpenApi.list;
import static dev.keywright.examples.portal.OpenApi.map;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Validator for the subset of JSON Schema 2020-12 that the document uses. Fails on an unknown keyword instead of ignoring it.
 */
final class Schemas {

    private static final Set<String> KEYWORDS = Set.of(
            "$ref",
            "type",
            "description",
            "required",
            "additionalProperties",
            "propertyNames",
            "maxProperties",
            "examples",
            "properties",
            "items",
            "minItems",
            "maxItems",
            "uniqueItems",
            "minLength",
            "maxLength",
            "pattern",
            "minimum",
            "maximum",
            "enum",
            "const",
            "anyOf");

    private final Map<String, Object> document;
    private final Set<String> members = new TreeSet<>();

    Schemas(Map<String, Object> document) {
        this.document = document;
    }

    /** {@return the members of named schemas that a valid value had, as {@code Schema.member}} */
    Set<String> members() {
        return members;
    }

    /** {@return the members of all named schemas, as {@code Schema.member}} */
    Set<String> describedMembers() {
        Set<String> all = new TreeSet<>();
        map(map(document.get("components")).get("schemas"))
                .forEach((name, schema) -> map(map(schema).getOrDefault("properties", Map.of()))
                        .keySet()
                        .forEach(member -> all.add(name + "." + member)));
        return all;
    }

    /** Checks the examples of all named schemas, and returns their number. */
    int checkExamples() {
        int count = 0;
        for (Map.Entry<String, Object> schema :
                map(map(document.get("components")).get("schemas")).entrySet()) {
            for (Object example : list(map(schema.getValue()).getOrDefault("examples", List.of()))) {
                assertThat(fault(schema.getValue(), example, schema.getKey() + " example", new HashSet<>()))
                        .isEmpty();
                count++;
            }
        }
        return count;
    }

    Map<String, Object> resolved(Object object) {
        Object found = map(object);
        if (map(found).get("$ref") instanceof String pointer) {
            assertThat(pointer).startsWith("#/");
            found = document;
            for (String step : pointer.substring(2).split("/", -1)) {
                found = map(found).get(step);
                assertThat(found).as(pointer).isNotNull();
            }
        }
        return map(found);
    }

    void check(Object schema, Object value, String where) {
        String fault = fault(schema, value, where, members);
        assertThat(fault).isEmpty();
    }

    /** {@return the violation, or an empty string; {@code met} is complete only for a valid value} */
    private String fault(Object given, Object value, String where, Set<String> met) {
        Map<String, Object> schema = resolved(given);
        assertThat(KEYWORDS).as(where).containsAll(schema.keySet());
        String name =
                map(given).get("$ref") instanceof String pointer ? pointer.substring(pointer.lastIndexOf('/') + 1) : "";
        if (schema.containsKey("anyOf")) {
            for (Object one : list(schema.get("anyOf"))) {
                Set<String> metHere = new HashSet<>();
                if (fault(one, value, where, metHere).isEmpty()) {
                    met.addAll(metHere);
                    return "";
                }
            }
            return where + " matches no alternative: " + value;
        }
        if (schema.containsKey("const")) {
            return schema.get("const").equals(value) ? "" : where + " is not " + schema.get("const") + " but " + value;
        }
        return switch ((String) schema.get("type")) {
            case "object" -> object(schema, name, value, where, met);
            case "array" -> array(schema, value, where, met);
            case "string" -> string(schema, value, where);
            case "integer" ->
                value instanceof Long number ? number(schema, number, where) : where + " is not an integer";
            case "number" -> value instanceof Long number ? number(schema, number, where) : where + " is not a number";
            case "null" -> value == Json.NULL ? "" : where + " is not null";
            case "boolean" -> value instanceof Boolean ? "" : where + " is not a boolean";
            default -> throw new AssertionError(schema);
        };
    }

    private String object(Map<String, Object> schema, String name, Object value, String where, Set<String> met) {
        if (!(value instanceof Map<?, ?>)) {
            return where + " is not an object";
        }
        if (schema.get("additionalProperties") instanceof Map<?, ?> values) {
            return anyNames(schema, values, map(value), where, met);
        }
        assertThat(schema.get("additionalProperties")).as(where).isEqualTo(false);
        Map<String, Object> properties = map(schema.get("properties"));
        for (Object required : list(schema.get("required"))) {
            assertThat(properties).as(where).containsKey((String) required);
            if (!map(value).containsKey(required)) {
                return where + " has no " + required;
            }
        }
        for (Map.Entry<String, Object> member : map(value).entrySet()) {
            if (!properties.containsKey(member.getKey())) {
                return where + " has " + member.getKey();
            }
            String fault =
                    fault(properties.get(member.getKey()), member.getValue(), where + "." + member.getKey(), met);
            if (!fault.isEmpty()) {
                return fault;
            }
            met.add(name + "." + member.getKey());
        }
        return "";
    }

    /** Checks an object with names of the client's choice. */
    private String anyNames(
            Map<String, Object> schema, Object values, Map<String, Object> value, String where, Set<String> met) {
        if (value.size() > bound(schema, "maxProperties", Long.MAX_VALUE)) {
            return where + " has " + value.size() + " members";
        }
        for (Map.Entry<String, Object> member : value.entrySet()) {
            String fault = fault(schema.get("propertyNames"), member.getKey(), where + " name", met)
                    + fault(values, member.getValue(), where + "." + member.getKey(), met);
            if (!fault.isEmpty()) {
                return fault;
            }
        }
        return "";
    }

    private String array(Map<String, Object> schema, Object value, String where, Set<String> met) {
        if (!(value instanceof List<?> elements)) {
            return where + " is not an array";
        }
        if (elements.size() < bound(schema, "minItems", 0)
                || elements.size() > bound(schema, "maxItems", Long.MAX_VALUE)) {
            return where + " has " + elements.size() + " elements";
        }
        if (schema.containsKey("uniqueItems") && new HashSet<>(elements).size() < elements.size()) {
            return where + " has an element twice";
        }
        for (Object element : elements) {
            String fault = fault(schema.get("items"), element, where + "[]", met);
            if (!fault.isEmpty()) {
                return fault;
            }
        }
        return "";
    }

    private static String string(Map<String, Object> schema, Object value, String where) {
        if (!(value instanceof String text)) {
            return where + " is not a string";
        }
        int length = text.codePointCount(0, text.length());
        if (length < bound(schema, "minLength", 0) || length > bound(schema, "maxLength", Long.MAX_VALUE)) {
            return where + " has " + length + " characters";
        }
        if (schema.get("pattern") instanceof String pattern
                && !Pattern.compile(pattern).matcher(text).find()) {
            return where + " does not match " + pattern + ": " + text;
        }
        if (schema.containsKey("enum") && !list(schema.get("enum")).contains(text)) {
            return where + " is none of the values: " + text;
        }
        return "";
    }

    private static String number(Map<String, Object> schema, long number, String where) {
        boolean inside = number >= bound(schema, "minimum", Long.MIN_VALUE)
                && number <= bound(schema, "maximum", Long.MAX_VALUE);
        return inside ? "" : where + " is out of bounds: " + number;
    }

    private static long bound(Map<String, Object> schema, String keyword, long fallback) {
        return schema.get(keyword) instanceof Long bound ? bound : fallback;
    }
}
