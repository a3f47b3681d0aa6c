package org.cgifpm.e2e.front;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Pool;
import org.cgifpm.e2e.lab.Program;
import org.cgifpm.e2e.lab.RunningProcess;

/** HAProxy with an {@code fcgi-app} and a port for each pool and mode. */
public record Haproxy(RunningProcess process, List<Way> ways) implements FrontEnd {
    /** How HAProxy speaks to the daemon. It keeps connections in each of them. */
    public enum Mode {
        /** One request at a time on a connection. */
        PLAIN("", ""),
        /** Many requests at a time on one connection. */
        MULTIPLEXED("option mpxs-conns", "http-reuse always"),
        /** As MULTIPLEXED, but asks first how many, and waits for the answer. */
        ASKING("option mpxs-conns\n    option get-values", "http-reuse always");

        private final String appOptions;
        private final String backendOptions;

        Mode(String appOptions, String backendOptions) {
            this.appOptions = appOptions;
            this.backendOptions = backendOptions;
        }
    }

    /** One pool and how to speak to it. */
    public record Server(Pool pool, Mode mode) {
        String id() {
            return mode.name().toLowerCase(Locale.ROOT) + "_" + pool.name();
        }
    }

    public static Server server(Pool pool, Mode mode) {
        return new Server(pool, mode);
    }

    public static Haproxy start(Lab lab, List<Server> servers) {
        return start(lab, servers, lab.site().root());
    }

    /** As {@link #start(Lab, List)}, over the scripts in another folder. */
    public static Haproxy start(Lab lab, List<Server> servers, Path root) {
        Path program = Program.find("haproxy", "haproxy");
        Path folder = lab.newFolder("haproxy");
        List<Way> ways = new ArrayList<>();
        StringBuilder text = new StringBuilder("""
                global
                    maxconn 2000
                    log stderr format raw local0 notice
                defaults
                    mode http
                    log global
                    timeout connect 10s
                    timeout client 120s
                    timeout server 120s
                """);
        for (Server server : servers) {
            Way way = new Way("haproxy " + server.id().replace('_', ' '), Pool.freePort(), "");
            ways.add(way);
            text.append(block(server, way.port(), root));
        }
        Path configuration = FrontEnd.write(folder.resolve("haproxy.cfg"), text.toString());
        RunningProcess process =
                lab.run("haproxy", folder, List.of(program.toString(), "-db", "-f", configuration.toString()));
        FrontEnd.awaitPorts(process, ways);
        return new Haproxy(process, List.copyOf(ways));
    }

    private static String block(Server server, int port, Path root) {
        Pool pool = server.pool();
        return """
                fcgi-app app_%1$s
                    docroot %2$s
                    path-info ^(/.+\\.(?:sh|py|pl|bin|fcgi|php))(/.*)?$
                    option keep-conn
                    %3$s
                frontend in_%1$s
                    bind 127.0.0.1:%4$d
                    default_backend out_%1$s
                backend out_%1$s
                    use-fcgi-app app_%1$s
                    %5$s
                    server daemon %6$s proto fcgi
                """.formatted(
                        server.id(),
                        root,
                        server.mode().appOptions,
                        port,
                        server.mode().backendOptions,
                        pool.isUnix() ? "unix@" + pool.socket() : "127.0.0.1:" + pool.port());
    }
}
