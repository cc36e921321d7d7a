package dev.keywright.stress.kit;

import java.io.IOException;

/** POSIX signals, sent with {@code kill}. */
public enum ProcessSignal {
    STOP,
    CONT,
    QUIT;

    /** Sends the signal to the process with this id. */
    public void send(long pid) throws IOException, InterruptedException {
        int exitCode = new ProcessBuilder("kill", "-" + name(), "" + pid)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        if (exitCode != 0) {
            throw new IOException("kill -" + name() + " " + pid + " failed with exit code " + exitCode);
        }
    }
}
