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
        Path program = Program.find("lighttpd", "lighttpd");
        Path folder = lab.newFolder("lighttpd");
        Way way = new Way("lighttpd " + pool.name(), Pool.freePort(), "");
        Path configuration = FrontEnd.write(
                folder.resolve("lighttpd.conf"),
                configuration(folder, way.port(), lab.site().root(), pool));
        RunningProcess process =
                lab.run("lighttpd", folder, List.of(program.toString(), "-D", "-f", configuration.toString()));
        FrontEnd.awaitPorts(process, List.of(way));
        return new Lighttpd(process, List.of(way));
    }

    private static String configuration(Path folder, int port, Path root, Pool pool) {
        String address = pool.isUnix()
                ? "\"socket\" => \"" + pool.socket() + "\""
                : "\"host\" => \"127.0.0.1\", \"port\" => " + pool.port();
        String extensions = Stream.of(".sh", ".py", ".pl", ".bin")
                .map(extension -> "\"" + extension + "\" => (( " + address + " ))")
                .collect(Collectors.joining(",\n    "));
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
                """.formatted(port, root, folder, extensions);
    }
}
