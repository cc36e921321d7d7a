package dev.keywright.examples.portal;

import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Finds the texts of keys in the JavaScript heap of a page. */
final class HeapSnapshot {

    private static final Pattern KEY = Pattern.compile("ck_[0-9a-z]{32}");

    private HeapSnapshot() {}

    /** Returns the keys in a heap snapshot after a garbage collection. */
    static Set<String> keys(Page page) {
        CDPSession session = page.context().newCDPSession(page);
        StringBuilder snapshot = new StringBuilder();
        session.on(
                "HeapProfiler.addHeapSnapshotChunk",
                chunk -> snapshot.append(chunk.get("chunk").getAsString()));
        session.send("HeapProfiler.enable");
        session.send("HeapProfiler.collectGarbage");
        JsonObject options = new JsonObject();
        options.addProperty("reportProgress", false);
        session.send("HeapProfiler.takeHeapSnapshot", options);
        session.detach();
        if (!snapshot.toString().contains("\"strings\":")) {
            throw new IllegalStateException("not a heap snapshot");
        }
        return KEY.matcher(snapshot).results().map(MatchResult::group).collect(Collectors.toCollection(TreeSet::new));
    }
}
