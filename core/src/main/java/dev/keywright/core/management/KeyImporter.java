package dev.keywright.core.management;

import dev.keywright.Actor;
import dev.keywright.InvalidRequestException;
import dev.keywright.management.ImportProgress;
import dev.keywright.management.ImportReport;
import dev.keywright.management.ImportedKey;
import dev.keywright.spi.Digest;
import dev.keywright.spi.ImportCandidate;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.WriteResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One import.
 *
 * <ol>
 *   <li>Parse each row. Refuse it with the first rule that it breaks, or if its digest was that of an earlier row.
 *   <li>Insert the others, 200 in one write, which skips keys whose text is stored already, under any live pepper.
 * </ol>
 */
final class KeyImporter {

    /** Far below the limit of a write, because all other writers of the store wait for it. */
    private static final int BATCH = 200;

    private final ImportRowParser parser;
    private final Actor actor;
    private final WriteCoordinator.Batch writes;
    private final Consumer<ImportProgress> progress;

    private final Set<Digest> seen = new HashSet<>();
    private final List<Row> pending = new ArrayList<>();
    private final List<ImportReport.RefusedRow> refused = new ArrayList<>();
    private long imported;
    private long alreadyThere;

    private record Row(long number, ImportCandidate candidate) {}

    KeyImporter(ImportRowParser parser, Actor actor, WriteCoordinator.Batch writes, Consumer<ImportProgress> progress) {
        this.parser = parser;
        this.actor = actor;
        this.writes = writes;
        this.progress = progress;
    }

    ImportReport run(Iterable<ImportedKey> rows) {
        long number = 0;
        for (ImportedKey row : rows) {
            number++;
            parse(number, row);
            if (number % BATCH == 0) {
                write(number);
            }
        }
        if (number % BATCH != 0 || number == 0) {
            write(number);
        }
        refused.sort(Comparator.comparingLong(ImportReport.RefusedRow::row));
        return ImportReport.of(imported, alreadyThere, refused);
    }

    private void parse(long number, ImportedKey row) {
        try {
            ImportCandidate candidate = parser.parse(row, actor);
            if (!seen.add(candidate.key().digest())) {
                throw new IllegalArgumentException("digest must not be that of an earlier row");
            }
            pending.add(new Row(number, candidate));
        } catch (IllegalArgumentException | InvalidRequestException e) {
            refuse(number, Objects.requireNonNull(e.getMessage()));
        }
    }

    private void write(long done) {
        if (!pending.isEmpty()) {
            List<WriteResult> results =
                    writes.insertAll(pending.stream().map(Row::candidate).toList());
            for (int i = 0; i < pending.size(); i++) {
                count(pending.get(i), results.get(i));
            }
            pending.clear();
        }
        progress.accept(new ImportProgress(done, imported, alreadyThere, refused.size()));
    }

    private void count(Row row, WriteResult result) {
        StoredKey stored = result.key().orElseThrow();
        if (result.changed()) {
            imported++;
        } else if (stored.key().tenant().equals(row.candidate().key().key().tenant())) {
            alreadyThere++;
        } else {
            refuse(row.number(), "digest must not be that of another tenant's key");
        }
    }

    private void refuse(long number, String reason) {
        refused.add(new ImportReport.RefusedRow(number, reason));
    }
}
