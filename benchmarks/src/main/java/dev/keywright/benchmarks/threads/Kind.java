package dev.keywright.benchmarks.threads;

import java.lang.reflect.Method;

/** The kinds of threads that there are. Virtual ones are newer than what this is compiled for, and so are asked for by name. */
enum Kind {
    PLATFORM,
    VIRTUAL;

    /** {@return whether the JVM has it} */
    boolean exists() {
        return this == PLATFORM || Runtime.version().feature() >= 21;
    }

    Thread thread(Runnable task) {
        if (this == PLATFORM) {
            return new Thread(task, "crew");
        }
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Method unstarted = Class.forName("java.lang.Thread$Builder").getMethod("unstarted", Runnable.class);
            return (Thread) unstarted.invoke(builder, task);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JVM has no virtual threads", e);
        }
    }
}
