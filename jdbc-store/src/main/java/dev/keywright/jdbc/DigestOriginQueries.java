package dev.keywright.jdbc;

import dev.keywright.StoreUnavailableException;
import dev.keywright.spi.DigestOrigin;
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
final class DigestOriginQueries {

    private DigestOriginQueries() {}

    /**
     * What active keys hang on, found by leaping through the index from one pepper and format to the next: as many look-ups as
     * there are of these, and not of keys.
     */
    static Set<DigestOrigin> ofActive(BorrowedConnection loan, Instant now) throws SQLException {
        Set<DigestOrigin> active = new HashSet<>();
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

    private static boolean anyActive(BorrowedConnection loan, Place at, Instant now) throws SQLException {
        return !loan.query(row -> true, Sql.ANY_ENDLESS, at.pepper(), at.importedAs())
                        .isEmpty()
                || !loan.query(row -> true, Sql.ANY_ENDING, at.pepper(), at.importedAs(), now.toEpochMilli())
                        .isEmpty();
    }

    /** Reads how many keys hang on what, or how many fewer. */
    static Map.Entry<DigestOrigin, Long> count(ResultSet row) throws SQLException {
        return Map.entry(Place.read(row).hanging(), row.getLong(3));
    }

    /** What some keys hang on, as it stands in the index. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Place(byte[] pepper, byte[] importedAs) {

        static Place read(ResultSet row) throws SQLException {
            return new Place(row.getBytes(1), row.getBytes(2));
        }

        DigestOrigin hanging() {
            try {
                String prefix = RowMapper.text(importedAs);
                return new DigestOrigin(
                        new PepperId(RowMapper.text(pepper)),
                        prefix.equals(RowMapper.ISSUED_HERE) ? Optional.empty() : Optional.of(prefix));
            } catch (RuntimeException e) {
                throw new StoreUnavailableException(
                        "a stored API key hangs on a pepper or a prefix that is damaged", null);
            }
        }
    }
}
