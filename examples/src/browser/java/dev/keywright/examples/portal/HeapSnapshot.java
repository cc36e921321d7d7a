package dev.keywright.examples.portal;

import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The texts of keys that the scripts of a page can still reach, by any way. */
final class HeapSnapshot {

    private static final Pattern KEY = Pattern.compile("ck_[0-9a-z]{32}");

    private HeapSnapshot() {}

    /** Those in a picture of the memory of all scripts, once what cannot be reached any more was thrown away. */
    static Set<String> keys(Page page) {
        CDPSession session = page.context().newCDPSession(page);
        StringBuilder picture = new StringBuilder();
        session.on(
                "HeapProfiler.addHeapSnapshotChunk",
                chunk -> picture.append(chunk.get("chunk").getAsString()));
        session.send("HeapProfiler.enable");
        session.send("HeapProfiler.collectGarbage");
        JsonObject quietly = new JsonObject();
        quietly.addProperty("reportProgress", false);
        session.send("HeapProfiler.takeHeapSnapshot", quietly);
        session.detach();
        if (!picture.toString().contains("\"strings\":")) {
            throw new IllegalStateException("this is no picture of a heap");
        }
        return KEY.matcher(picture).results().map(MatchResult::group).collect(Collectors.toCollection(TreeSet::new));
    }
}
