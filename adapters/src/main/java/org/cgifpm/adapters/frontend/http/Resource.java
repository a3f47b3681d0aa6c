package org.cgifpm.adapters.frontend.http;

import java.nio.file.Path;
import java.time.Instant;

/** What a URL turned out to be. */
sealed interface Resource {
    /**
     * A program to run (RFC 3875, 4.1): all ISO-8859-1, decoded.
     *
     * @param scriptName its URL path
     * @param pathInfo what the URL has behind it, empty or beginning with a slash
     * @param filename its absolute path, beneath the root
     */
    record Script(String scriptName, String pathInfo, String filename) implements Resource {}

    /** A regular file to send as it is. */
    record StaticFile(Path path, String name, long size, Instant modified, String type) implements Resource {}

    /** A folder to show. */
    record Folder(Listing listing) implements Resource {}

    /** The same folder under the URL that relative links need: with a slash. */
    record Moved(String location) implements Resource {}

    /**
     * None of these.
     *
     * @param status 403, 404 or 500
     * @param reason for the log and the page
     * @param hint what to do about it, may be empty
     */
    record Refused(int status, String reason, String hint) implements Resource {}
}
