package org.cgifpm.adapters.backend.process;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.cgifpm.adapters.Confinement;

/**
 * A program's limits as commands of the POSIX shell on Debian (dash): {@code ulimit} with one letter for each. Without
 * {@code -S} or {@code -H} it sets both the soft and the hard limit.
 */
public final class ShellLimits {
    static final int KILOBYTE = 1024;
    static final int BLOCK = 512;

    private ShellLimits() {}

    /** @param softFiles the soft limit of descriptors where the limits name none */
    static List<String> of(Confinement.Limits limits, long softFiles) {
        List<String> commands = new ArrayList<>();
        limits.cpuSeconds().ifPresent(seconds -> {
            commands.add("ulimit -S -t " + seconds);
            commands.add("ulimit -H -t " + (seconds + 1));
        });
        limit(commands, "-v", limits.memory(), KILOBYTE);
        if (limits.files().isPresent()) {
            limit(commands, "-n", limits.files(), 1);
        } else {
            commands.add("ulimit -S -n " + softFiles);
        }
        limit(commands, "-p", limits.processes(), 1);
        limit(commands, "-f", limits.fileSize(), BLOCK);
        limit(commands, "-c", limits.core(), BLOCK);
        limit(commands, "-s", limits.stack(), KILOBYTE);
        return commands;
    }

    private static void limit(List<String> commands, String letter, OptionalLong value, int unit) {
        value.ifPresent(wanted -> commands.add("ulimit " + letter + " " + units(wanted, unit)));
    }

    /** How many units make that many bytes, rounded up. */
    static long units(long bytes, int unit) {
        return bytes / unit + (bytes % unit == 0 ? 0 : 1);
    }
}
