package dev.keywright.benchmarks.kit;

import java.io.IOException;

/** What a process can be sent. */
public enum Signal {
    STOP,
    CONT,
    QUIT;

    public void send(long process) throws IOException, InterruptedException {
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
