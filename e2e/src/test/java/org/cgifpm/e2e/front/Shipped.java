package org.cgifpm.e2e.front;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Pool;
import org.cgifpm.e2e.lab.Program;
import org.cgifpm.e2e.lab.Repository;
import org.cgifpm.e2e.lab.RunningProcess;

/**
 * Daemons and front ends that run with files of conf/, as the users that Debian's packages give them. What a file is
 * included into (a main file with modules and temporary folders) is the test's, as it is the administrator's elsewhere.
 */
public final class Shipped {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Lab lab;
    private final ConfFiles files;

    public Shipped(Lab lab, ConfFiles files) {
        this.lab = lab;
        this.files = files;
    }

    /** A daemon with one file of conf/ as its pool file; returns when {@code socket} takes connections. */
    public RunningProcess daemon(String poolFile, String socket) {
        return daemon("daemon", files.text(poolFile), UnixDomainSocketAddress.of(files.moved(socket)));
    }

    /** One of several daemons, with its own folder of configuration and control socket, and a pool on a port. */
    public RunningProcess daemon(String name, String pool, int port) {
        return daemon(name, files.move(pool), new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    private RunningProcess daemon(String name, String pool, SocketAddress address) {
        Path etc = folder("/etc/cgi-fpm/" + name);
        folder("/run/cgi-fpm");
        Path main = FrontEnd.write(
                etc.resolve("cgi-fpm.toml"),
                files.move(
                        "include = [\"pools.d/*.toml\"]\n[daemon]\ncontrol = \"/run/cgi-fpm/" + name + ".control\"\n"));
        FrontEnd.write(folder("/etc/cgi-fpm/" + name + "/pools.d").resolve("pool.toml"), pool);
        RunningProcess daemon =
                lab.run("cgi-fpm", etc, List.of(Repository.launcher().toString(), "run", "-c", main.toString()));
        Awaitility.await("the pool of " + name + " takes connections")
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    if (!daemon.alive()) {
                        throw new AssertionError("the daemon ended at once:\n" + daemon.output());
                    }
                    return accepts(address);
                });
        return daemon;
    }

    /** nginx, with the file in its http block; the file's "listen 80" is on the port of the way. */
    public Way nginx(String file) {
        Way way = way("nginx", file);
        files.put("listen 80;", "listen 127.0.0.1:" + way.port() + ";");
        Path folder = lab.newFolder("nginx");
        Path configuration = FrontEnd.write(
                folder.resolve("nginx.conf"), """
                user www-data;
                worker_processes 1;
                daemon off;
                pid nginx.pid;
                error_log stderr warn;
                events {}
                http {
                    access_log off;
                    client_body_temp_path %1$s/body;
                    proxy_temp_path %1$s/proxy;
                    fastcgi_temp_path %1$s/fastcgi;
                    uwsgi_temp_path %1$s/uwsgi;
                    scgi_temp_path %1$s/scgi;
                    include %2$s;
                }
                """.formatted(folder, files.install(file, folder.resolve("site.conf"))));
        String program = Program.find("nginx", "nginx-light").toString();
        run("nginx", folder, way, program, "-p", folder.toString(), "-e", "stderr", "-c", configuration.toString());
        return way;
    }

    /** Apache, with the modules that the file asks for. */
    public Way apache(String file, String... modules) {
        Way way = way("apache", file);
        Path folder = lab.newFolder("apache");
        String load = Stream.concat(Stream.of("mpm_event", "authz_core", "proxy", "proxy_fcgi"), Stream.of(modules))
                .map(module -> "LoadModule " + module + "_module "
                        + Program.at("/usr/lib/apache2/modules/mod_" + module + ".so", "apache2"))
                .collect(Collectors.joining("\n"));
        Path configuration = FrontEnd.write(folder.resolve("apache.conf"), """
                %1$s
                User www-data
                Group www-data
                ServerName www.example.org
                ServerRoot %2$s
                DefaultRuntimeDir %2$s
                PidFile %2$s/apache.pid
                Mutex file:%2$s default
                ErrorLog /dev/stderr
                LogLevel warn
                Listen 127.0.0.1:%3$d
                StartServers 1
                ServerLimit 2
                ThreadsPerChild 25
                MaxRequestWorkers 50
                <Directory />
                    Require all denied
                </Directory>
                Include %4$s
                """.formatted(
                        load, folder, way.port(), files.install(file, folder.resolve("site.conf"))));
        String program = Program.find("apache2", "apache2").toString();
        run("apache", folder, way, program, "-DFOREGROUND", "-f", configuration.toString());
        return way;
    }

    public Way lighttpd(String file) {
        Way way = way("lighttpd", file);
        Path folder = lab.newFolder("lighttpd");
        Path uploads = shared(folder.resolve("uploads"));
        Path configuration = FrontEnd.write(folder.resolve("lighttpd.conf"), """
                server.modules = ( "mod_indexfile", "mod_access", "mod_alias", "mod_redirect" )
                server.username = "www-data"
                server.groupname = "www-data"
                server.bind = "127.0.0.1"
                server.port = %d
                server.document-root = "%s"
                server.pid-file = "%s/lighttpd.pid"
                server.upload-dirs = ( "%s" )
                include "%s"
                """.formatted(
                        way.port(), uploads, folder, uploads, files.install(file, folder.resolve("site.conf"))));
        String program = Program.find("lighttpd", "lighttpd").toString();
        run("lighttpd", folder, way, program, "-D", "-f", configuration.toString());
        return way;
    }

    /** Caddy, without the port that it takes orders on. */
    public Way caddy(String file) {
        Way way = way("caddy", file);
        files.put("http://www.example.org:80 {", "http://test.example:" + way.port() + " {\n    bind 127.0.0.1");
        Path folder = lab.newFolder("caddy");
        Path home = shared(folder.resolve("home"));
        Path configuration = FrontEnd.write(folder.resolve("Caddyfile"), "{\n    admin off\n}\n" + files.text(file));
        String program = Program.find("caddy", "caddy").toString();
        String setpriv = Program.find("setpriv", "util-linux").toString();
        run(
                "caddy",
                folder,
                way,
                setpriv,
                "--reuid=caddy",
                "--regid=caddy",
                "--clear-groups",
                "env",
                "HOME=" + home,
                program,
                "run",
                "--adapter",
                "caddyfile",
                "--config",
                configuration.toString());
        return way;
    }

    public Way haproxy(String file) {
        Way way = way("haproxy", file);
        files.put("bind :80", "bind 127.0.0.1:" + way.port());
        Path folder = lab.newFolder("haproxy");
        Path configuration = files.install(file, folder.resolve("haproxy.cfg"));
        String program = Program.find("haproxy", "haproxy").toString();
        run("haproxy", folder, way, program, "-db", "-f", configuration.toString());
        return way;
    }

    private static Way way(String program, String file) {
        return new Way(program + " with " + file, Pool.freePort(), "/cgi-bin");
    }

    private void run(String name, Path folder, Way way, String... command) {
        FrontEnd.awaitPorts(lab.run(name, folder, List.of(command)), List.of(way));
    }

    private Path folder(String path) {
        try {
            return Files.createDirectories(files.moved(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A folder that any user may write. */
    private static Path shared(Path folder) {
        try {
            Files.createDirectory(folder);
            return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean accepts(SocketAddress address) {
        try (SocketChannel channel = SocketChannel.open(address)) {
            return channel.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }
}
