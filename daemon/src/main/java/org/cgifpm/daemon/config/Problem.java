package org.cgifpm.daemon.config;

/**
 * One thing wrong with a configuration file, said the way a compiler would say it.
 *
 * @param line counted from 1: where the key stands, or the header of the table that lacks it
 * @param key {@code pool.NAME.KEY}, or empty where no key is concerned
 * @param message what is wrong, and a suggestion; one line
 */
public record Problem(String file, int line, String key, String message) {
    @Override
    public String toString() {
        return file + ":" + line + ": " + (key.isEmpty() ? "" : key + ": ") + message;
    }
}
