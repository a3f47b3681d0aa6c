package org.cgifpm.daemon.config;

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
                daemon.duration("stop_timeout", defaults.stopTimeout(), true));
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
}
