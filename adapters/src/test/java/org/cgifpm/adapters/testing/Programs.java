package org.cgifpm.adapters.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.cgifpm.adapters.os.Processes;

/**
 * Writes programs for tests to run. A process that is being started while the file is written has the descriptor it is
 * written through until it executes its own program, and the kernel refuses to execute a file somebody may write to
 * (ETXTBSY): so whoever writes a program while others start waits until none of them has it.
 */
public final class Programs {
    private Programs() {}

    /** Bytes of {@code text} are its characters'. */
    public static Path write(Path file, String text) throws IOException {
        return write(file, text, "rwxr-xr-x");
    }

    public static Path write(Path file, String text, String permissions) throws IOException {
        Files.writeString(file, text, StandardCharsets.ISO_8859_1);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        if (heldByAChild(file)) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> !heldByAChild(file));
        }
        return file;
    }

    private static boolean heldByAChild(Path file) {
        return Processes.children().stream()
                .anyMatch(child -> holds(Path.of("/proc/" + child + "/fd"), file.toAbsolutePath()));
    }

    private static boolean holds(Path descriptors, Path file) {
        try (Stream<Path> open = Files.list(descriptors)) {
            return open.anyMatch(fd -> file.equals(target(fd)));
        } catch (IOException | UncheckedIOException e) {
            return false; // it ended
        }
    }

    private static Path target(Path fd) {
        try {
            return Files.readSymbolicLink(fd);
        } catch (IOException e) {
            return fd; // closed meanwhile
        }
    }
}
