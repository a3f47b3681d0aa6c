package org.cgifpm.adapters.frontend.http;

import java.net.URI;
import java.nio.file.Path;

/**
 * File names between ISO-8859-1 strings (one char is one byte) and {@link Path}, without loss.
 *
 * <p>{@code Path.of(String)} goes through the locale's charset and cannot name a file whose bytes are not valid there;
 * under {@code LANG=C} that is every name outside ASCII. A {@code file:} URI carries bytes and is not interpreted.
 */
final class WirePath {
    private WirePath() {}

    /** A relative path of one name. {@code name} is not empty and holds neither a slash nor a NUL. */
    static Path name(String name) {
        return Path.of(URI.create("file:///" + PercentCoding.encode(name))).getFileName();
    }

    /** The bytes of the last name of {@code path}; empty for the root. */
    static String nameOf(Path path) {
        String whole = absolute(path);
        return whole.substring(whole.lastIndexOf('/') + 1);
    }

    /** The bytes of the whole path, absolute, without a slash at its end; the root is the empty string. */
    static String absolute(Path path) {
        String raw = path.toUri().getRawPath();
        String bare = raw.endsWith("/") ? raw.substring(0, raw.length() - 1) : raw;
        try {
            return PercentCoding.decode(bare);
        } catch (BadRequestException broken) {
            throw new IllegalStateException("a file: URI that is not well formed: " + raw, broken);
        }
    }
}
