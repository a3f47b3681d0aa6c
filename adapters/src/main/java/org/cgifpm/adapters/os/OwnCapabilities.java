package org.cgifpm.adapters.os;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The calling thread's capability sets, as bits (capabilities(7)).
 *
 * @param inheritable kept by programs whose file says so
 * @param effective what it may do now
 * @param ambient kept by every program that is executed
 */
public record OwnCapabilities(long inheritable, long effective, long ambient) {
    /** Reads /proc/thread-self/status; all sets empty where there is no /proc. Any thread. */
    public static OwnCapabilities read() {
        Path status = Path.of("/proc/thread-self/status");
        if (!Files.exists(status)) {
            return new OwnCapabilities(0, 0, 0);
        }
        try {
            return parse(Files.readAllLines(status, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static OwnCapabilities parse(List<String> status) {
        return new OwnCapabilities(set(status, "CapInh:"), set(status, "CapEff:"), set(status, "CapAmb:"));
    }

    private static long set(List<String> status, String name) {
        return status.stream()
                .filter(line -> line.startsWith(name))
                .map(line ->
                        Long.parseUnsignedLong(line.substring(name.length()).strip(), 16))
                .findFirst()
                .orElse(0L);
    }

    /** Whether every program that is started gets some of them. */
    public boolean passedOn() {
        return ambient != 0;
    }
}
