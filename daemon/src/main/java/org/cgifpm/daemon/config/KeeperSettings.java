package org.cgifpm.daemon.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The part of {@code [pool.NAME.python]} that is about keepers: Python interpreters of the pool's users that have imported
 * the usual modules and fork for each request. What a pool's mode has no use for has its default here.
 *
 * @param preload modules that every keeper must be able to import, bytes as ISO-8859-1 (see {@link ByteText}); empty: those
 *     of {@link #DEFAULT_PRELOAD} that the interpreter has
 * @param maxRequests a keeper is replaced after so many; 0: never
 * @param maxAge a keeper is replaced after so long; zero: never
 * @param spareChildren how many children of a keeper wait forked for the next requests, at most the pool's
 *     {@code max_children}
 */
public record KeeperSettings(Optional<List<String>> preload, int maxRequests, Duration maxAge, int spareChildren) {
    /**
     * What CGI scripts import most, as far as it is cheap to have: with all of it a keeper of Python 3.11 has 19 MB
     * resident. {@code hashlib} would add 4 MB, those of OpenSSL, and {@code cgitb} 3.
     */
    public static final List<String> DEFAULT_PRELOAD = List.of(
            "base64",
            "cgi",
            "collections",
            "copy",
            "csv",
            "datetime",
            "email.message",
            "functools",
            "glob",
            "html",
            "http.cookies",
            "io",
            "itertools",
            "json",
            "locale",
            "logging",
            "math",
            "os",
            "random",
            "re",
            "shutil",
            "sqlite3",
            "string",
            "subprocess",
            "tempfile",
            "textwrap",
            "time",
            "traceback",
            "urllib.parse");

    public static final KeeperSettings DEFAULT = new KeeperSettings(Optional.empty(), 10_000, Duration.ofHours(1), 0);

    public KeeperSettings {
        preload = preload.map(List::copyOf);
    }
}
