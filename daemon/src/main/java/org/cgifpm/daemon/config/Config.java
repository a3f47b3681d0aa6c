package org.cgifpm.daemon.config;

import java.nio.file.Path;
import java.util.List;

/**
 * A complete configuration, every check passed, every default filled in.
 *
 * @param pools in the order of the files, at least one; names and addresses are all different
 * @param file the main file, as it was named
 */
public record Config(DaemonSettings daemon, List<PoolSettings> pools, Path file) {
    public Config {
        pools = List.copyOf(pools);
    }
}
