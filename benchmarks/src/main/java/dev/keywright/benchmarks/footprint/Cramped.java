package dev.keywright.benchmarks.footprint;

import dev.keywright.benchmarks.kit.Table;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Looks for the least heap in which so many keys stay remembered, and verifications go on. Used by one thread. */
final class Cramped {

    /** Whatever takes longer spends its time on collecting garbage. */
    private static final int MINUTES_TO_FINISH = 10;

    private static final String ANSWER = "got along ";
    private static final double NEARLY_ALL = 0.99;

    private final String url;
    private final Path texts;
    private final FootprintOptions options;
    private final Table table = new Table("heap of");

    /**
     * How a process got along.
     *
     * @param keys how many keys it still remembered in the end
     * @param hits what share of verifications was answered by the cache
     * @param perSecond how many of them there were in a second
     * @param full how often all of the heap was collected in a second, with nobody running meanwhile
     * @param collecting what share of the time garbage was collected
     */
    record Outcome(int keys, double hits, double perSecond, double full, double collecting) {

        String line() {
            return String.format(Locale.ROOT, "%s%d %s %s %s %s", ANSWER, keys, hits, perSecond, full, collecting);
        }

        static Outcome of(String line) {
            String[] words = line.substring(ANSWER.length()).split(" ", -1);
            double[] rest = Arrays.stream(words)
                    .skip(1)
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            return new Outcome(Integer.parseInt(words[0]), rest[0], rest[1], rest[2], rest[3]);
        }

        boolean isEnough(int wanted) {
            return keys == wanted && hits > NEARLY_ALL && full < 1;
        }
    }

    Cramped(String url, Path texts, FootprintOptions options) {
        this.url = url;
        this.texts = texts;
        this.options = options;
    }

    /**
     * Halves the steps between what is not enough and what is.
     *
     * @param bytes how much the keys take
     * @return the least heap that is enough, in megabytes
     */
    int least(long bytes) throws IOException, InterruptedException {
        int enough = upwards(2 * bytes + (256L << 20));
        if (!tried(enough)) {
            throw new IllegalStateException(enough + " MB of heap are not enough, and should be");
        }
        int tooLittle = upwards(bytes) - options.step();
        while (enough - tooLittle > options.step()) {
            int middle = upwards(((long) enough + tooLittle) / 2 * (1L << 20));
            middle = middle == enough ? enough - options.step() : middle;
            if (tried(middle)) {
                enough = middle;
            } else {
                tooLittle = middle;
            }
        }
        return enough;
    }

    Table table() {
        return table;
    }

    private int upwards(long bytes) {
        int step = options.step();
        return (int) (((bytes >> 20) + step - 1) / step * step);
    }

    private boolean tried(int megabytes) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + megabytes + "m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrampedProcess.class.getName(),
                        url,
                        texts.toString(),
                        "" + options.crammed(),
                        "" + options.seconds())
                .redirectErrorStream(true)
                .start();
        CompletableFuture<List<String>> said = CompletableFuture.supplyAsync(() -> said(process));
        if (!process.waitFor(MINUTES_TO_FINISH, TimeUnit.MINUTES)) {
            process.destroyForcibly().waitFor();
        }
        Optional<Outcome> outcome = said.join().stream()
                .filter(line -> line.startsWith(ANSWER))
                .map(Outcome::of)
                .findFirst();
        String column = String.format(Locale.ROOT, "%,d MB", megabytes);
        double none = Double.NaN;
        table.number(
                column,
                "keys remembered in the end",
                outcome.map(Outcome::keys).map(Integer::doubleValue).orElse(none));
        table.number(
                column,
                "answered by the cache, %",
                100 * outcome.map(Outcome::hits).orElse(none));
        table.number(
                column,
                "verifications a second, one thread",
                outcome.map(Outcome::perSecond).orElse(none));
        table.number(
                column, "full collections a second", outcome.map(Outcome::full).orElse(none));
        table.number(
                column,
                "collecting, % of the time",
                100 * outcome.map(Outcome::collecting).orElse(none));
        return outcome.isPresent() && outcome.get().isEnough(options.crammed());
    }

    private static List<String> said(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
                .lines()
                .toList();
    }
}
