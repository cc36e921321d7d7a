package dev.keywright.benchmarks.life;

import dev.keywright.benchmarks.kit.CommandLine;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets many threads verify, rotate, re-scope, revoke and list keys for a while, and compares each answer with a model.
 *
 * <pre>{@code
 * java -cp benchmarks/target/benchmarks.jar dev.keywright.benchmarks.life.LifeRun \
 *     --store h2 --keys 10000 --threads 16 --seconds 60 --seed 1
 * }</pre>
 *
 * <p>Ends with 0 where everything was right, with 1 where it was not, and with 2 where the options are wrong.
 */
public final class LifeRun {

    private LifeRun() {}

    /**
     * Runs.
     *
     * @param arguments the options; what is not said is as above, on the store in memory
     * @throws InterruptedException if somebody interrupts it
     */
    public static void main(String[] arguments) throws Exception {
        CommandLine.run(arguments, Options::of, options -> run(options, System.out) ? 0 : 1);
    }

    /** {@return whether everything was right} */
    static boolean run(Options options, PrintStream out) throws InterruptedException {
        try (Stores stores = Stores.named(options.store())) {
            Run run = new Run(
                    stores.each(), new SteadyClock(), options.keys(), options.threads(), Step::any, options.seed());
            int processors = Runtime.getRuntime().availableProcessors();
            out.printf(Locale.ROOT, "%s, on %d processors and Java %s%n", options, processors, Runtime.version());
            long issuing = System.nanoTime();
            run.issue();
            long begun = System.nanoTime();
            long length = TimeUnit.SECONDS.toNanos(options.seconds());
            AtomicLong left = new AtomicLong(options.steps());
            run.goOnWhile(() -> left.getAndDecrement() > 0 && System.nanoTime() - begun < length);
            long ended = System.nanoTime();
            long working = run.working();
            run.end();
            out.printf(
                    Locale.ROOT,
                    "keys issued at first in %.1f s, steps taken in %.1f s, all compared once more in %.1f s%n",
                    seconds(begun - issuing),
                    seconds(ended - begun),
                    seconds(System.nanoTime() - ended));
            out.printf(
                    Locale.ROOT,
                    "keys: %,d, of which %,d worked at the end%n",
                    run.model().keys().size(),
                    working);
            print(run.model(), seconds(ended - begun), out);
            return run.model().faults().count() == 0;
        }
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }

    private static void print(Model model, double seconds, PrintStream out) {
        Tally tally = model.tally();
        out.printf(Locale.ROOT, "steps: %,d, %,.0f a second%n", tally.steps(), tally.steps() / seconds);
        for (Step step : Step.values()) {
            out.printf(Locale.ROOT, "%,14d  %s%n", tally.steps(step), step);
        }
        out.println("what came of them:");
        tally.others().forEach((what, times) -> out.printf(Locale.ROOT, "%,14d  %s%n", times, what));
        Faults faults = model.faults();
        out.printf(Locale.ROOT, "comparisons with the model: %,d%nfaults: %,d%n", tally.checks(), faults.count());
        faults.first().forEach(out::println);
    }
}
