package org.cgifpm.e2e.front;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.cgifpm.e2e.lab.RunningProcess;

/** A real web server in front of the daemon, started in the foreground in a folder of its own. */
public sealed interface FrontEnd permits Nginx, Apache, Lighttpd, Haproxy {
    /** Every way that this one has been set up for. */
    List<Way> ways();

    /** The process, so that a test can stop it or read its log. */
    RunningProcess process();

    /** True when the tests run as root: several programs then want to be told which user to become. */
    static boolean asRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    static Path write(Path file, String text) {
        try {
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until every port accepts connections. */
    static void awaitPorts(RunningProcess process, List<Way> ways) {
        Awaitility.await(process.name() + " accepts connections")
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    if (!process.alive()) {
                        throw new AssertionError(process.name() + " ended at once:\n" + process.output());
                    }
                    return ways.stream().allMatch(way -> accepts(way.port()));
                });
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }
}
