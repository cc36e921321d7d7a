package dev.keywright.stress;

import dev.keywright.ApiKey;
import dev.keywright.ApiKeys;
import dev.keywright.TenantId;
import dev.keywright.management.ImportedKey;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.Job;
import dev.keywright.management.KeyQuery;
import dev.keywright.management.NewKey;
import dev.keywright.management.TenantKeys;
import dev.keywright.stress.SharedKeys.Phase;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

/** Issues and imports the keys of one writer, and shares them with all readers. */
final class KeySource {

    static final Job JOB = new Job("writer");

    /** The format of the imported keys. */
    static final String PREFIX = "old_";

    static final String ALPHABET = "0123456789abcdef";
    static final int LENGTH = 32;

    private final ApiKeys keys;
    private final SharedKeys sharedKeys;
    private final Journal journal;
    private final int node;
    private final int process;
    private final SplittableRandom random;

    KeySource(ApiKeys keys, SharedKeys sharedKeys, Journal journal, int node, int process, SplittableRandom random) {
        this.keys = keys;
        this.sharedKeys = sharedKeys;
        this.journal = journal;
        this.node = node;
        this.process = process;
        this.random = random;
    }

    int process() {
        return process;
    }

    /** Records an event; a call that has only begun returns when it began. */
    void record(EventType type, int detail, int key, long begun, long returned, int version) {
        journal.add(new Event(type, detail, node, key, begun, returned, version));
    }

    TenantKeys tenant(long number) {
        return keys.operatedBy(JOB).keysOf(TenantId.of("t" + number));
    }

    /** Issues a key, and returns its number. */
    int issue(long tenant) {
        NewKey request = NewKey.named("issued").allowing(Node.SCOPE, Node.OPTIONAL_SCOPE.value());
        long begun = System.nanoTime();
        return publish(tenant(tenant).issue(request), tenant, begun);
    }

    /** Shares a key whose issue or rotation began at the given time, and returns its number. */
    int publish(IssuedKey issued, long tenant, long begun) {
        long returned = System.nanoTime();
        int key = sharedKeys.add(process, tenant, issued.secret().reveal());
        sharedKeys.id(key, issued.key().id());
        record(EventType.ISSUED, Node.scopeFlag(issued.key()), key, begun, returned, 1);
        sharedKeys.phase(key, Phase.LIVE);
        return key;
    }

    /** Shares texts that will be imported, so that caches store that no such key exists. */
    List<Integer> announce(long tenant, int count) {
        List<Integer> announced = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            HexFormat hex = HexFormat.of();
            String text = PREFIX + hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
            int key = sharedKeys.add(process, tenant, text);
            sharedKeys.phase(key, Phase.LIVE);
            announced.add(key);
        }
        return announced;
    }

    /** Imports what was announced. Idempotent. */
    void importAnnounced(long tenant, List<Integer> announced) {
        List<ImportedKey> rows = announced.stream().map(key -> row(tenant, key)).toList();
        long begun = System.nanoTime();
        keys.operatedBy(JOB).importKeys(rows);
        long returned = System.nanoTime();
        announced.forEach(key -> record(EventType.ISSUED, Event.HAS_SCOPE, key, begun, returned, 1));
        // The name of an imported key is its number, which a rename keeps as its first word.
        for (ApiKey imported : tenant(tenant).stream(KeyQuery.active()).toList()) {
            sharedKeys.id(Integer.parseInt(imported.name().value().split(" ", 2)[0]), imported.id());
        }
    }

    private ImportedKey row(long tenant, int key) {
        String text = sharedKeys.text(key);
        return ImportedKey.digested(sha256(text))
                .prefixed(PREFIX)
                .of("t" + tenant)
                .named("" + key)
                .allowing(Node.SCOPE, Node.OPTIONAL_SCOPE.value())
                .hint(text.substring(text.length() - 4));
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
