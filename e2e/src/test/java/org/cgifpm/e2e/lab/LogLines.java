package org.cgifpm.e2e.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/** A log file that a daemon writes. Its lines come a moment after the answers they tell of. */
public record LogLines(Path file) {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    /** What is there now. */
    public List<String> now() {
        try {
            return Files.exists(file) ? Files.readAllLines(file, StandardCharsets.UTF_8) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for so many lines; more are a failure too. */
    public List<String> await(int count) {
        Awaitility.await(count + " lines in " + file)
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> now().size() >= count);
        List<String> lines = now();
        if (lines.size() != count) {
            throw new AssertionError("wanted " + count + " lines: " + lines);
        }
        return lines;
    }
}
