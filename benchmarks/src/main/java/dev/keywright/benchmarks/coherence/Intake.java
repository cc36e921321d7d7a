package dev.keywright.benchmarks.coherence;

import dev.keywright.ApiKey;
import dev.keywright.ApiKeys;
import dev.keywright.TenantId;
import dev.keywright.benchmarks.coherence.Board.Phase;
import dev.keywright.management.ImportedKey;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.Job;
import dev.keywright.management.KeyQuery;
import dev.keywright.management.NewKey;
import dev.keywright.management.TenantKeys;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

/** How the keys of one custodian come to be, and onto the board. */
final class Intake {

    static final Job JOB = new Job("custodian");

    /** How another system's keys begin, and with what they go on. */
    static final String PREFIX = "old_";

    static final String ALPHABET = "0123456789abcdef";
    static final int LENGTH = 32;

    private static final String OTHER = "read:people";

    private final ApiKeys keys;
    private final Board board;
    private final Journal journal;
    private final int node;
    private final int process;
    private final SplittableRandom random;

    Intake(ApiKeys keys, Board board, Journal journal, int node, int process, SplittableRandom random) {
        this.keys = keys;
        this.board = board;
        this.journal = journal;
        this.node = node;
        this.process = process;
        this.random = random;
    }

    TenantKeys tenant(long number) {
        return keys.operatedBy(JOB).keysOf(TenantId.of("t" + number));
    }

    /** {@return the number of a new key} */
    int issue(long tenant) {
        NewKey wanted = NewKey.named("in use").allowing(OTHER, Node.LOSABLE.value());
        long begun = System.nanoTime();
        return publish(tenant(tenant).issue(wanted), tenant, begun);
    }

    /** {@return the number of a key that has been issued since a moment} */
    int publish(IssuedKey issued, long tenant, long begun) {
        long returned = System.nanoTime();
        int key = board.add(process, tenant, issued.secret().reveal());
        board.id(key, issued.key().id());
        if (!issued.key().scopes().contains(Node.LOSABLE)) {
            // Rotated from a key that had lost it.
            journal.add(new Event(What.TAKE_BEGUN, 0, node, key, begun, begun));
            journal.add(new Event(What.TAKEN, 0, node, key, begun, returned));
        }
        journal.add(new Event(What.ISSUED, 0, node, key, begun, returned));
        board.phase(key, Phase.LIVE);
        return key;
    }

    /** Puts texts onto the board that belong to no key yet, so that caches remember that they do not. */
    List<Integer> announce(long tenant, int howMany) {
        List<Integer> announced = new ArrayList<>();
        for (int i = 0; i < howMany; i++) {
            HexFormat hex = HexFormat.of();
            int key = board.add(
                    process, tenant, PREFIX + hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong()));
            board.phase(key, Phase.LIVE);
            announced.add(key);
        }
        return announced;
    }

    /** Imports what was announced. Can be repeated. */
    void take(long tenant, List<Integer> announced) {
        List<ImportedKey> rows = announced.stream().map(key -> row(tenant, key)).toList();
        long begun = System.nanoTime();
        keys.operatedBy(JOB).importKeys(rows);
        long returned = System.nanoTime();
        announced.forEach(key -> journal.add(new Event(What.ISSUED, 0, node, key, begun, returned)));
        for (ApiKey imported : tenant(tenant).stream(KeyQuery.active()).toList()) {
            board.id(Integer.parseInt(imported.name().value()), imported.id());
        }
    }

    private ImportedKey row(long tenant, int key) {
        String text = board.text(key);
        return ImportedKey.digested(sha256(text))
                .prefixed(PREFIX)
                .of("t" + tenant)
                .named("" + key)
                .allowing(OTHER, Node.LOSABLE.value())
                .hint(text.substring(text.length() - 4));
    }

    /** {@return what that system has kept of a text} */
    static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
