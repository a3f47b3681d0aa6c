package org.cgifpm.adapters.backend.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the tests of {@code wsgi.py}, which are Python: they start it as the daemon does, talk FastCGI to it, and put
 * wsgiref's validator between it and their applications.
 */
class WsgiRunnerTest {
    private static final Path TESTS = Path.of("src/test/python");

    @Test
    void servesApplicationsAsItsOwnTestsDemand(@TempDir Path folder) throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        var command = new ProcessBuilder("python3", "-B", "-W", "error::ResourceWarning", "-m", "unittest", "discover");
        Process tests = command.directory(TESTS.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertTrue(tests.waitFor(5, TimeUnit.MINUTES), () -> "no end within five minutes:\n" + read(output));
        } finally {
            tests.destroyForcibly();
        }
        assertEquals(0, tests.exitValue(), () -> read(output));
        assertTrue(read(output).matches("(?s).*\nRan [1-9][0-9]+ tests .*"), () -> read(output));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException failure) {
            return failure.toString();
        }
    }
}
