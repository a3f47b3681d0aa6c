package org.cgifpm.daemon.config;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What the file system says of programs that a configuration names. */
final class ProgramFile {
    private ProgramFile() {}

    /** Why this cannot be executed, null if it can, as far as the daemon can tell; links are followed. */
    static @Nullable String complaint(Path file) {
        if (!Files.exists(file)) {
            return "does not exist, or cannot be looked at";
        }
        if (!Files.isRegularFile(file)) {
            return "is not a file";
        }
        return Files.isExecutable(file) ? null : "may not be executed";
    }
}
