package dev.keywright.examples.portal;

import java.util.Map;

/**
 * One thing that a district keeps: a person, or an interview.
 *
 * @param id what it is asked for by
 * @param fields what is known of it, in the order in which it is shown
 */
record DistrictRecord(String id, Map<String, String> fields) {}
