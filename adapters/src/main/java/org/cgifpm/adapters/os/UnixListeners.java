package org.cgifpm.adapters.os;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The Unix sockets that somebody listens on, as /proc/net/unix tells (proc(5)): for who may not connect to find out. */
final class UnixListeners {
    private static final Path TABLE = Path.of("/proc/net/unix");
    /** Num, RefCount, Protocol, Flags, Type, St, Inode; then the path, where it has one. */
    private static final int PATH = 7;

    private static final int FLAGS = 3;
    private static final String LISTENS = "00010000";

    private UnixListeners() {}

    /**
     * Whether somebody may listen at that path. The table has what a listener called its file, by whatever way; so the
     * last part of the path is enough for a yes, and so is a table that cannot be read.
     */
    static boolean mayBe(String path) {
        String name = lastPart(new String(Syscalls.cString(path), StandardCharsets.ISO_8859_1).replace("\0", ""));
        try (Stream<String> lines = Files.lines(TABLE, StandardCharsets.ISO_8859_1)) {
            return lines.map(line -> line.strip().split(" +", PATH + 1))
                    .anyMatch(parts -> parts.length > PATH
                            && parts[FLAGS].equals(LISTENS)
                            && lastPart(parts[PATH]).equals(name));
        } catch (IOException | UncheckedIOException e) {
            return true;
        }
    }

    private static String lastPart(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
