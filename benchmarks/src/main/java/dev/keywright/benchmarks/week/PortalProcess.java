package dev.keywright.benchmarks.week;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * A process with one portal: started by {@link Portals}, and by nobody else. It reads what to measure, a line each time, and says in
 * a line what came of it; where there is no more to be read, it ends.
 */
final class PortalProcess {

    /** What comes before a line that is said to the coordinator; whatever else is said goes to the log. */
    static final String ANSWER = "measured ";

    private PortalProcess() {}

    static List<String> words(Portal.Orders orders) {
        List<String> words = new ArrayList<>(List.of(
                orders.ledger().toString(),
                orders.url(),
                "" + orders.number(),
                "" + orders.of(),
                "" + orders.cached(),
                "" + orders.begun(),
                "" + orders.start(),
                "" + orders.week()));
        words.addAll(List.of(orders.options().toString().split(" ", -1)));
        return words;
    }

    private static Portal.Orders orders(String... words) {
        return new Portal.Orders(
                Path.of(words[0]),
                words[1],
                Integer.parseInt(words[2]),
                Integer.parseInt(words[3]),
                Boolean.parseBoolean(words[4]),
                Long.parseLong(words[5]),
                Long.parseLong(words[6]),
                Double.parseDouble(words[7]),
                WeekOptions.of(Arrays.copyOfRange(words, 8, words.length)));
    }

    /**
     * Runs.
     *
     * @param arguments the orders
     * @throws Exception if anything is wrong that should not be
     */
    public static void main(String[] arguments) throws Exception {
        PrintStream answers = System.out;
        System.setOut(System.err);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        try (Portal portal = new Portal(orders(arguments))) {
            answers.println(ANSWER + new Figures().count("ready", 1).line());
            answers.flush();
            for (String line = in.readLine(); line != null && !line.equals("end"); line = in.readLine()) {
                answers.println(ANSWER + measured(portal, line.split(" ", -1)).line());
                answers.flush();
            }
        }
        System.exit(0);
    }

    private static Figures measured(Portal portal, String... words)
            throws IOException, InterruptedException, ExecutionException {
        double seconds = Double.parseDouble(words[1]);
        return switch (Load.valueOf(words[0])) {
            case EACH_ONCE -> portal.eachOnce();
            case MIXED -> portal.atFullSpeed(seconds, true);
            case VERIFYING -> portal.atFullSpeed(seconds, false);
            case DUE -> portal.whenDue(seconds);
        };
    }
}
