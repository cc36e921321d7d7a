package dev.keywright.benchmarks.week;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The processes of one portal. Used by one thread. */
final class Portals implements Closeable {

    private static final String HEAP = "-Xmx1g";
    private static final int MINUTES_TO_END = 2;

    private final List<Running> all = new ArrayList<>();

    /** A process, and the two ends of what is said to it and by it. */
    private record Running(Process process, PrintStream to, BufferedReader from) {

        Figures answer() throws IOException {
            for (String line = from.readLine(); line != null; line = from.readLine()) {
                if (line.startsWith(PortalProcess.ANSWER)) {
                    return Figures.of(line.substring(PortalProcess.ANSWER.length()));
                }
            }
            throw new IllegalStateException("a process of the portal has ended by itself");
        }
    }

    /** Starts them, and waits until each is ready. */
    Portals(List<Portal.Orders> orders) throws IOException {
        try {
            for (Portal.Orders each : orders) {
                all.add(start(each));
            }
            for (Running each : all) {
                each.answer();
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private static Running start(Portal.Orders orders) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-cp",
                System.getProperty("java.class.path"),
                PortalProcess.class.getName()));
        command.addAll(PortalProcess.words(orders));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return new Running(
                process,
                new PrintStream(process.getOutputStream(), true, StandardCharsets.US_ASCII),
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII)));
    }

    /** {@return what all of them measured, at the same time} */
    Figures measured(Load load, double seconds) throws IOException {
        all.forEach(each -> each.to.println(String.format(Locale.ROOT, "%s %s", load.name(), seconds)));
        Figures sum = new Figures();
        for (Running each : all) {
            sum.and(each.answer());
        }
        return sum;
    }

    /** Lets them write down the last uses. */
    void end() throws InterruptedException {
        all.forEach(each -> each.to.println("end"));
        for (Running each : all) {
            if (!each.process.waitFor(MINUTES_TO_END, TimeUnit.MINUTES) || each.process.exitValue() != 0) {
                throw new IllegalStateException("a process of the portal did not end as it should");
            }
        }
    }

    @Override
    public void close() {
        all.forEach(each -> each.process.destroyForcibly());
    }
}
