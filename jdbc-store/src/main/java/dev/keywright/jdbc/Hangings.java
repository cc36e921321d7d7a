package dev.keywright.jdbc;

import dev.keywright.StoreUnavailable;
import dev.keywright.spi.Hanging;
import dev.keywright.spi.PepperId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Looks for what keys hang on. */
final class Hangings {

    private Hangings() {}

    /**
     * What active keys hang on, found by leaping through the index from one pepper and format to the next: as many look-ups as
     * there are of these, and not of keys.
     */
    static Set<Hanging> ofActive(Loan loan, Instant now) throws SQLException {
        Set<Hanging> active = new HashSet<>();
        List<Place> next = loan.query(Place::read, Sql.NEXT_PEPPER, new byte[0]);
        while (!next.isEmpty()) {
            Place place = next.get(0);
            if (anyActive(loan, place, now)) {
                active.add(place.hanging());
            }
            next = loan.query(Place::read, Sql.NEXT_FORMAT, place.pepper(), place.importedAs());
            if (next.isEmpty()) {
                next = loan.query(Place::read, Sql.NEXT_PEPPER, place.pepper());
            }
        }
        return active;
    }

    private static boolean anyActive(Loan loan, Place at, Instant now) throws SQLException {
        return !loan.query(row -> true, Sql.ANY_ENDLESS, at.pepper(), at.importedAs())
                        .isEmpty()
                || !loan.query(row -> true, Sql.ANY_ENDING, at.pepper(), at.importedAs(), now.toEpochMilli())
                        .isEmpty();
    }

    /** Reads how many keys hang on what, or how many fewer. */
    static Map.Entry<Hanging, Long> count(ResultSet row) throws SQLException {
        return Map.entry(Place.read(row).hanging(), row.getLong(3));
    }

    /** What some keys hang on, as it stands in the index. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Place(byte[] pepper, byte[] importedAs) {

        static Place read(ResultSet row) throws SQLException {
            return new Place(row.getBytes(1), row.getBytes(2));
        }

        Hanging hanging() {
            try {
                String prefix = Rows.text(importedAs);
                return new Hanging(
                        new PepperId(Rows.text(pepper)),
                        prefix.equals(Rows.ISSUED_HERE) ? Optional.empty() : Optional.of(prefix));
            } catch (RuntimeException e) {
                throw new StoreUnavailable("a stored API key hangs on a pepper or a prefix that is damaged", null);
            }
        }
    }
}
