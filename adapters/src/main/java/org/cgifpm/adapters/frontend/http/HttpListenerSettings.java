package org.cgifpm.adapters.frontend.http;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What the development server is told; the names are those of the configuration.
 *
 * @param root the folder to serve, canonical ({@link Path#toRealPath})
 * @param host the address that it listens on, without brackets
 * @param port the port that it listens on, 1 to 65535
 * @param scriptPath the PATH that scripts get, for telling in advance that an interpreter is missing
 * @param paramsTimeout from the first byte of a request to its complete head
 * @param connectionIdleTimeout how long a kept connection may be idle, and how long a client may take nothing
 * @param lingerTimeout reading off the rest of a body, or the client's last words, before a close
 * @param requestBodyMax bytes; more is a 413
 * @param maxConnections beyond that many, a new one is answered 503 and closed
 */
public record HttpListenerSettings(
        Path root,
        String host,
        int port,
        String scriptPath,
        Duration paramsTimeout,
        Duration connectionIdleTimeout,
        Duration lingerTimeout,
        long requestBodyMax,
        int maxConnections) {

    /** The defaults of the configuration, for one folder. */
    public static HttpListenerSettings of(Path root, String host, int port) {
        return new HttpListenerSettings(
                root,
                host,
                port,
                "/usr/local/bin:/usr/bin:/bin",
                Duration.ofSeconds(10),
                Duration.ofSeconds(75),
                Duration.ofSeconds(5),
                1L << 30,
                512);
    }
}
