package org.cgifpm.daemon.config;

import java.util.Optional;
import org.cgifpm.daemon.config.ListenAddress.Inherited;
import org.cgifpm.daemon.config.ListenAddress.Tcp;

/** Reads the table {@code [daemon]}. */
final class DaemonSection {
    private DaemonSection() {}

    static DaemonSettings read(Section daemon) {
        DaemonSettings defaults = DaemonSettings.DEFAULT;
        Keys.checkDaemon(daemon);
        return new DaemonSettings(
                control(daemon, defaults.control()),
                daemon.integer("max_children", defaults.maxChildren(), 1, 65_536),
                daemon.integer("max_connections", defaults.maxConnections(), 1, 1_000_000),
                daemon.integer("launch_threads", defaults.launchThreads(), 1, 64),
                daemon.choice("log_level", defaults.logLevel()),
                PathKey.read(daemon, "log", "/var/log/cgi-fpm/cgi-fpm.log").map(ByteText::fromText),
                daemon.duration("stop_timeout", defaults.stopTimeout(), true),
                metricsListen(daemon),
                metricsUsers(daemon, defaults.metricsUsers()));
    }

    private static String control(Section daemon, String otherwise) {
        String path = daemon.string("control").orElse(null);
        if (path == null) {
            return otherwise;
        }
        String complaint = ListenText.socketPathComplaint(path);
        if (complaint != null) {
            daemon.problem("control", complaint);
            return otherwise;
        }
        return ByteText.fromText(path);
    }

    private static Optional<ListenAddress> metricsListen(Section daemon) {
        Optional<String> text = daemon.string("metrics_listen");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        ListenAddress address;
        try {
            address = ListenText.parse(text.get());
        } catch (BadValueException e) {
            daemon.problem("metrics_listen", e.getMessage());
            return Optional.empty();
        }
        if (address instanceof Inherited) {
            daemon.problem(
                    "metrics_listen",
                    "an inherited socket cannot be had for metrics; write such as \"127.0.0.1:9180\" or a socket path");
            return Optional.empty();
        }
        IpAddress host = address instanceof Tcp tcp ? IpAddress.parse(tcp.host()) : null;
        if (host != null && !host.isLoopback()) {
            daemon.warning(
                    "metrics_listen",
                    address + " can be reached from other machines, and whoever reaches it may read the names of all"
                            + " pools and what they do; see to it that only the monitoring gets through");
        }
        return Optional.of(address);
    }

    private static boolean metricsUsers(Section daemon, boolean otherwise) {
        if (daemon.has("metrics_users") && !daemon.has("metrics_listen")) {
            daemon.problem(
                    "metrics_users",
                    "has no effect without metrics_listen; write such as metrics_listen = \"127.0.0.1:9180\"");
        }
        return daemon.bool("metrics_users", otherwise);
    }
}
