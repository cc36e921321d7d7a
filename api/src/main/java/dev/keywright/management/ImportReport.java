package dev.keywright.management;

import java.util.List;
import java.util.Objects;

/** Result of an import. */
public final class ImportReport {

    /**
     * A row that was not imported.
     *
     * @param row the row number, counted from 1
     * @param reason the field and the rule that it breaks, as a sentence
     */
    public record RefusedRow(long row, String reason) {}

    private final long imported;
    private final long alreadyThere;
    private final List<RefusedRow> refused;

    private ImportReport(long imported, long alreadyThere, List<RefusedRow> refused) {
        this.imported = imported;
        this.alreadyThere = alreadyThere;
        this.refused = List.copyOf(refused);
    }

    /**
     * Creates a result.
     *
     * @param imported the number of imported rows
     * @param alreadyThere the number of rows whose key existed; these keys are unchanged
     * @param refused the refused rows with their reasons, in their order
     * @return the result
     */
    public static ImportReport of(long imported, long alreadyThere, List<RefusedRow> refused) {
        return new ImportReport(imported, alreadyThere, refused);
    }

    /** {@return the number of imported rows} */
    public long imported() {
        return imported;
    }

    /** {@return the number of rows whose key existed; these keys are unchanged} */
    public long alreadyThere() {
        return alreadyThere;
    }

    /** {@return the refused rows with their reasons, in their order} */
    public List<RefusedRow> refused() {
        return refused;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ImportReport that
                && imported == that.imported
                && alreadyThere == that.alreadyThere
                && refused.equals(that.refused);
    }

    @Override
    public int hashCode() {
        return Objects.hash(imported, alreadyThere, refused);
    }

    @Override
    public String toString() {
        return "ImportReport[imported=" + imported + ", alreadyThere=" + alreadyThere + ", refused=" + refused + "]";
    }
}
