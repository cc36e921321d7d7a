package dev.keywright.benchmarks.coherence;

import java.io.IOException;

/** What a process can be sent. */
enum Signal {
    STOP,
    CONT,
    QUIT;

    void send(long process) throws IOException, InterruptedException {
        int answer = new ProcessBuilder("kill", "-" + name(), "" + process)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        if (answer != 0) {
            throw new IOException("process " + process + " could not be sent " + this);
        }
    }
}
