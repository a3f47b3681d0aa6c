package org.cgifpm.daemon.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A pool's own log files.
 *
 * @param accessLog absolute path, bytes as ISO-8859-1; empty: none
 * @param accessFormat php-fpm's placeholders and ours, or {@code json}
 * @param accessSuppress paths of scripts whose successful requests are not logged
 * @param slowLog absolute path; empty: the daemon's log
 * @param slowAfter a request that runs longer is looked at once; zero: none is
 */
public record RequestLogs(
        Optional<String> accessLog,
        String accessFormat,
        List<String> accessSuppress,
        Optional<String> slowLog,
        Duration slowAfter) {
    /** php-fpm's default line. */
    public static final String DEFAULT_FORMAT = "%R - %u %t \"%m %r\" %s";

    public static final RequestLogs DEFAULT =
            new RequestLogs(Optional.empty(), DEFAULT_FORMAT, List.of(), Optional.empty(), Duration.ZERO);

    public RequestLogs {
        accessSuppress = List.copyOf(accessSuppress);
    }
}
