package dev.keywright.benchmarks;

import java.util.concurrent.ThreadLocalRandom;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The position of a thread in the {@link Picks}. */
@State(Scope.Thread)
public class Cursor {

    private int place = ThreadLocalRandom.current().nextInt();

    /** Called by JMH. */
    public Cursor() {}

    int next() {
        return place++;
    }
}
