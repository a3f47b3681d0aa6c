package org.cgifpm.e2e.front;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Pool;
import org.cgifpm.e2e.lab.Program;
import org.cgifpm.e2e.lab.RunningProcess;

/** lighttpd with mod_fastcgi for the extensions that the scripts have. */
public record Lighttpd(RunningProcess process, List<Way> ways) implements FrontEnd {
    public static Lighttpd start(Lab lab, Pool pool) {
        return start(lab, pool, lab.site().root());
    }

    /** As {@link #start(Lab, Pool)}, over the scripts in another folder. */
    public static Lighttpd start(Lab lab, Pool pool, Path root) {
        return start(lab, pool.name(), root, byExtension(pool));
    }

    /** Asks {@code authorizer} before anything below /guarded; scripts there and elsewhere go to {@code responder}. */
    public static Lighttpd guarded(Lab lab, Pool authorizer, Pool responder, Path root) {
        String guard = "\"/guarded/\" => (( " + address(authorizer)
                + ", \"mode\" => \"authorizer\", \"check-local\" => \"disable\", \"docroot\" => \"" + root + "\" ))";
        return start(lab, authorizer.name(), root, guard + ",\n    " + byExtension(responder));
    }

    private static Lighttpd start(Lab lab, String name, Path root, String servers) {
        Path program = Program.find("lighttpd", "lighttpd");
        Path folder = lab.newFolder("lighttpd");
        Way way = new Way("lighttpd " + name, Pool.freePort(), "");
        Path configuration =
                FrontEnd.write(folder.resolve("lighttpd.conf"), configuration(folder, way.port(), root, servers));
        RunningProcess process =
                lab.run("lighttpd", folder, List.of(program.toString(), "-D", "-f", configuration.toString()));
        FrontEnd.awaitPorts(process, List.of(way));
        return new Lighttpd(process, List.of(way));
    }

    private static String address(Pool pool) {
        return pool.isUnix()
                ? "\"socket\" => \"" + pool.socket() + "\""
                : "\"host\" => \"127.0.0.1\", \"port\" => " + pool.port();
    }

    private static String byExtension(Pool pool) {
        return Stream.of(".sh", ".py", ".pl", ".bin", ".fcgi", ".php")
                .map(extension -> "\"" + extension + "\" => (( " + address(pool) + " ))")
                .collect(Collectors.joining(",\n    "));
    }

    private static String configuration(Path folder, int port, Path root, String servers) {
        return """
                server.modules = ("mod_fastcgi")
                server.bind = "127.0.0.1"
                server.port = %d
                server.document-root = "%s"
                server.pid-file = "%3$s/lighttpd.pid"
                server.upload-dirs = ("%3$s")
                fastcgi.server = (
                    %4$s
                )
                """.formatted(port, root, folder, servers);
    }
}
