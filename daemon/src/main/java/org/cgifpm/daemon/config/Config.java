package org.cgifpm.daemon.config;

import java.nio.file.Path;
import java.util.List;

/**
 * A complete configuration, every check passed, every default filled in.
 *
 * @param pools in the order of the files, at least one; names and addresses are all different
 * @param file the main file, as it was named
 * @param warnings what should be known and stops nothing, in the order of the files
 */
public record Config(DaemonSettings daemon, List<PoolSettings> pools, Path file, List<Problem> warnings) {
    public Config {
        pools = List.copyOf(pools);
        warnings = List.copyOf(warnings);
    }
}
