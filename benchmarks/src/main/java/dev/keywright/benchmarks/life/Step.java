package dev.keywright.benchmarks.life;

import java.util.Locale;
import java.util.SplittableRandom;

/** What is done with keys, and how often: of ten thousand steps, about so many. */
enum Step {
    VERIFY(3584),
    VERIFY_WITH_SCOPE(4440),
    VERIFY_FORGED(100),
    GET(200),
    ASK_ELSEWHERE(50),
    LIST(3),
    WRITE_USES_DOWN(20),
    RENAME(200),
    RESCOPE(300),
    CHANGE_OLD_VERSION(100),
    ROTATE(450),
    END_ROTATION(150),
    REVOKE(250),
    REVOKE_SEVERAL(40),
    REVOKE_BY_POSSESSION(80),
    REVOKE_ALL(20),
    ISSUE(13);

    private static final int ALL;

    static {
        int sum = 0;
        for (Step step : values()) {
            sum += step.weight;
        }
        ALL = sum;
    }

    private final int weight;

    Step(int weight) {
        this.weight = weight;
    }

    /** {@return any of them, all as often} */
    static Step each(SplittableRandom random) {
        return values()[random.nextInt(values().length)];
    }

    /** {@return any of them, each as often as its weight says} */
    static Step any(SplittableRandom random) {
        int left = random.nextInt(ALL);
        for (Step step : values()) {
            left -= step.weight;
            if (left < 0) {
                return step;
            }
        }
        throw new AssertionError("the weights add up");
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
