package org.cgifpm.e2e.front;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Pool;
import org.cgifpm.e2e.lab.Program;
import org.cgifpm.e2e.lab.RunningProcess;

/** Apache with mod_proxy_fcgi: SetHandler on the scripts themselves, ProxyPass with kept connections below /reuse. */
public record Apache(RunningProcess process, List<Way> ways) implements FrontEnd {
    private static final String PACKAGE = "apache2";

    public static Apache start(Lab lab, Pool pool) {
        return start(lab, pool, lab.site().root());
    }

    /** As {@link #start(Lab, Pool)}, over the scripts in another folder. */
    public static Apache start(Lab lab, Pool pool, Path root) {
        Path program = Program.find("apache2", PACKAGE);
        Path folder = lab.newFolder("apache");
        int port = Pool.freePort();
        Path configuration = FrontEnd.write(folder.resolve("apache.conf"), configuration(folder, port, root, pool));
        RunningProcess process =
                lab.run("apache", folder, List.of(program.toString(), "-DFOREGROUND", "-f", configuration.toString()));
        List<Way> ways = List.of(
                new Way("apache SetHandler " + pool.name(), port, ""),
                new Way("apache ProxyPass " + pool.name(), port, "/reuse"));
        FrontEnd.awaitPorts(process, ways);
        return new Apache(process, ways);
    }

    private static String configuration(Path folder, int port, Path root, Pool pool) {
        String modules = Stream.of("mpm_event", "authz_core", "setenvif", "proxy", "proxy_fcgi")
                .map(module -> "LoadModule " + module + "_module "
                        + Program.at("/usr/lib/apache2/modules/mod_" + module + ".so", PACKAGE))
                .collect(Collectors.joining("\n"));
        String handler = pool.isUnix()
                ? "proxy:unix:" + pool.socket() + "|fcgi://localhost"
                : "proxy:fcgi://127.0.0.1:" + pool.port();
        String target = pool.isUnix()
                ? "unix:" + pool.socket() + "|fcgi://localhost" + root + "/"
                : "fcgi://127.0.0.1:" + pool.port() + root + "/";
        return """
                %s
                %s
                ServerName test.example
                ServerRoot %3$s
                DefaultRuntimeDir %3$s
                PidFile %3$s/apache.pid
                Mutex file:%3$s default
                ErrorLog /dev/stderr
                LogLevel warn
                Listen 127.0.0.1:%4$d
                StartServers 1
                ServerLimit 2
                ThreadsPerChild 25
                MaxRequestWorkers 50
                ProxyTimeout 120
                DocumentRoot %5$s
                <Directory %5$s>
                    Require all granted
                </Directory>
                <LocationMatch "^/[^/]*\\.(sh|py|pl|bin|fcgi|php)">
                    SetHandler "%6$s"
                </LocationMatch>
                ProxyPass "/reuse/" "%7$s" enablereuse=on
                """.formatted(
                modules, FrontEnd.asRoot() ? "User www-data\nGroup www-data" : "", folder, port, root, handler, target);
    }
}
