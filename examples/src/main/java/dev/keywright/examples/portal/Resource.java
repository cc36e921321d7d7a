package dev.keywright.examples.portal;

import java.util.Map;

/**
 * Resource of a district: a person or an interview.
 *
 * @param id the id
 * @param fields the values by field name, in display order
 */
record Resource(String id, Map<String, String> fields) {}
