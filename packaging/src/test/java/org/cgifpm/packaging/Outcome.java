package org.cgifpm.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** What a program exited with and what it wrote, standard error included. */
record Outcome(int status, String output) {
    private static final long LIMIT = 300;

    /** Runs it to its end, for at most five minutes, with nothing on its standard input. */
    static Outcome of(ProcessBuilder program) throws IOException, InterruptedException {
        Path output = Files.createTempFile("output", ".txt");
        try {
            Process process = program.redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(LIMIT, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new AssertionError(program.command() + " did not end; it wrote: " + Files.readString(output));
            }
            return new Outcome(process.exitValue(), Files.readString(output));
        } finally {
            Files.delete(output);
        }
    }

    /** @return its output */
    String expect(int wanted) {
        assertEquals(wanted, status, output);
        return output;
    }
}
