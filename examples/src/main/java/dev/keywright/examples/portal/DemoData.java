package dev.keywright.examples.portal;

import java.util.Map;

/** Initial data of the districts. */
final class DemoData {

    private DemoData() {}

    static ResourceRepository people() {
        ResourceRepository people = new ResourceRepository("name", "role");
        people.add(DemoPerson.NORTH, "1", Map.of("name", "Ada Lindqvist", "role", "Teacher"));
        people.add(DemoPerson.NORTH, "2", Map.of("name", "Jonas Okafor", "role", "Mentor"));
        people.add(DemoPerson.SOUTH, "3", Map.of("name", "Meral Yıldız", "role", "Teacher"));
        return people;
    }

    static ResourceRepository interviews() {
        ResourceRepository interviews = new ResourceRepository("person", "date", "topic");
        interviews.add(
                DemoPerson.NORTH, "1", Map.of("person", "Ada Lindqvist", "date", "2026-02-11", "topic", "First weeks"));
        interviews.add(
                DemoPerson.SOUTH, "2", Map.of("person", "Meral Yıldız", "date", "2026-03-04", "topic", "Mid-year"));
        return interviews;
    }
}
