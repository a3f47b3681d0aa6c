package org.cgifpm.daemon.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether this process can start programs as other users, which is not a matter of being root: a root without
 * capabilities cannot, another user with them can (capabilities(7)).
 */
final class Privileges {
    private static final int CAP_SETGID = 6;
    private static final int CAP_SETUID = 7;
    private static final long NEEDED = 1L << CAP_SETGID | 1L << CAP_SETUID;

    private Privileges() {}

    static boolean ofThisProcess() {
        try {
            return of(Files.readString(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            // Without /proc nothing is known, and what is not known is not claimed.
            return false;
        }
    }

    /** @param status what proc(5) says in {@code /proc/PID/status} */
    static boolean of(String status) {
        return status.lines()
                .filter(line -> line.startsWith("CapEff:"))
                .map(line -> Long.parseUnsignedLong(
                        line.substring("CapEff:".length()).strip(), 16))
                .anyMatch(effective -> (effective & NEEDED) == NEEDED);
    }
}
