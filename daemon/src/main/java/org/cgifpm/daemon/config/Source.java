package org.cgifpm.daemon.config;

import java.nio.file.Path;
import java.util.Map;

/**
 * One file that was read: its tables, and where they stand.
 *
 * @param order 0 for the main file, then in the order of reading
 * @param tables the TOML document, names without quotes; empty if it could not be read
 */
record Source(Path file, int order, Map<String, Object> tables, KeyLines lines) {
    /** {@code conf/a.toml:3}, to point at one place from another. */
    String place(String key) {
        return file + ":" + lines.line(key);
    }
}
