package org.cgifpm.daemon.config;

import java.util.Optional;

/**
 * Requests of a pool that the daemon answers itself. All are bytes as ISO-8859-1.
 *
 * @param statusPath the SCRIPT_NAME that asks how the pool is doing; begins with a slash; empty: none
 * @param pingPath the SCRIPT_NAME that asks whether the pool takes requests; another one; empty: none
 * @param pingResponse what that is answered with
 */
public record StatusPages(Optional<String> statusPath, Optional<String> pingPath, String pingResponse) {
    public static final StatusPages DEFAULT = new StatusPages(Optional.empty(), Optional.empty(), "pong");
}
