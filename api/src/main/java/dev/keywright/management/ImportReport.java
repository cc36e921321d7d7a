package dev.keywright.management;

import java.util.List;

/**
 * What became of an import.
 *
 * @param imported how many rows were taken in
 * @param alreadyThere how many were there already, and are left as they are
 * @param refused the others, each with its reason, in their order
 */
public record ImportReport(long imported, long alreadyThere, List<RefusedRow> refused) {

    /**
     * A row that was not taken in.
     *
     * @param row which one, counted from 1
     * @param reason which field breaks which rule, in a sentence
     */
    public record RefusedRow(long row, String reason) {}

    /**
     * Takes the parts, and a copy of the list.
     *
     * @param imported how many rows were taken in
     * @param alreadyThere how many were there already
     * @param refused the others
     */
    public ImportReport {
        refused = List.copyOf(refused);
    }
}
