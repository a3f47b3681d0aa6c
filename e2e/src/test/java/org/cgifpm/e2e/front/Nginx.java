package org.cgifpm.e2e.front;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Pool;
import org.cgifpm.e2e.lab.Program;
import org.cgifpm.e2e.lab.RunningProcess;

/** nginx with one {@code server} for each pool and mode, on a port of its own. */
public record Nginx(RunningProcess process, List<Way> ways) implements FrontEnd {
    private static final String PACKAGE = "nginx-light";

    /** How nginx speaks to the daemon. */
    public enum Mode {
        /** The defaults: request and response go through nginx's buffers and temporary files. */
        BUFFERED("fastcgi_pass %s;"),
        /** Both streamed. */
        UNBUFFERED("fastcgi_request_buffering off; fastcgi_buffering off; fastcgi_pass %s;"),
        /** Connections kept, and the path split by nginx: both the common recipes that BUFFERED is without. */
        KEPT("""
                fastcgi_split_path_info ^(/.+?\\.[a-z]+)(/.*)$;
                fastcgi_param PATH_INFO $fastcgi_path_info;
                fastcgi_keep_conn on; fastcgi_pass kept_%s;""");

        private final String pass;

        Mode(String pass) {
            this.pass = pass;
        }
    }

    /** One {@code server} block to be. */
    public record Server(Pool pool, Mode mode) {
        String name() {
            return "nginx " + mode.name().toLowerCase(java.util.Locale.ROOT) + " " + pool.name();
        }
    }

    public static Server server(Pool pool, Mode mode) {
        return new Server(pool, mode);
    }

    /** Starts it over the scripts of {@code lab}. */
    public static Nginx start(Lab lab, List<Server> servers) {
        return start(lab, servers, lab.site().root());
    }

    /** As {@link #start(Lab, List)}, over the scripts in another folder. */
    public static Nginx start(Lab lab, List<Server> servers, Path root) {
        return start(lab, servers, root, "");
    }

    /**
     * As {@link #start(Lab, List, Path)}, with more locations.
     *
     * @param locations goes into every server; {@code @PASS@} in it stands for the lines that pass to the pool
     */
    public static Nginx start(Lab lab, List<Server> servers, Path root, String locations) {
        Path program = Program.find("nginx", PACKAGE);
        Path folder = lab.newFolder("nginx");
        List<Way> ways = new ArrayList<>();
        StringBuilder blocks = new StringBuilder();
        for (Server server : servers) {
            Way way = new Way(server.name(), Pool.freePort(), "");
            ways.add(way);
            blocks.append(block(server, way.port(), root, locations));
        }
        Path configuration = FrontEnd.write(folder.resolve("nginx.conf"), main(folder, blocks.toString()));
        RunningProcess process = lab.run(
                "nginx",
                folder,
                List.of(program.toString(), "-p", folder.toString(), "-e", "stderr", "-c", configuration.toString()));
        FrontEnd.awaitPorts(process, ways);
        return new Nginx(process, List.copyOf(ways));
    }

    private static String main(Path folder, String servers) {
        return """
                %s
                worker_processes 1;
                daemon off;
                pid nginx.pid;
                error_log stderr warn;
                events { worker_connections 2048; }
                http {
                    access_log off;
                    client_body_temp_path %2$s/body;
                    proxy_temp_path %2$s/proxy;
                    fastcgi_temp_path %2$s/fastcgi;
                    uwsgi_temp_path %2$s/uwsgi;
                    scgi_temp_path %2$s/scgi;
                    client_max_body_size 0;
                    fastcgi_read_timeout 120s;
                    fastcgi_send_timeout 120s;
                    %3$s
                }
                """.formatted(FrontEnd.asRoot() ? "user root;" : "", folder, servers);
    }

    private static String block(Server server, int port, Path root, String locations) {
        Pool pool = server.pool();
        String address = pool.isUnix() ? "unix:" + pool.socket() : "127.0.0.1:" + pool.port();
        boolean kept = server.mode() == Mode.KEPT;
        String upstream = kept ? "upstream kept_%s { server %s; keepalive 8; }\n".formatted(pool.name(), address) : "";
        String pass = server.mode().pass.formatted(kept ? pool.name() : address);
        Path params = Program.at("/etc/nginx/fastcgi.conf", PACKAGE);
        // fastcgi.conf sets SCRIPT_FILENAME and many a configuration sets it again: both are sent.
        return """
                %s
                server {
                    listen 127.0.0.1:%d;
                    server_name test.example;
                    root %s;
                    location / {
                        include %4$s;
                        fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
                        %5$s
                    }
                    %6$s
                }
                """.formatted(upstream, port, root, params, pass, locations.replace("@PASS@", pass));
    }
}
