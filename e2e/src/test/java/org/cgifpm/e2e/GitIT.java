package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.cgifpm.e2e.client.Bytes;
import org.cgifpm.e2e.front.Nginx;
import org.cgifpm.e2e.front.Way;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Pool;
import org.cgifpm.e2e.lab.Program;
import org.cgifpm.e2e.lab.RunningProcess;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A real client with a real CGI program: git clones and pushes 40 MB through nginx and git-http-backend. */
class GitIT {
    private static final int SIZE = 40 << 20;

    @RegisterExtension
    static final Lab LAB = new Lab();

    private static Path git;
    private static Path served;
    private static List<Way> ways = List.of();

    @BeforeAll
    static void start() throws IOException {
        git = Program.find("git", "git");
        Path core = Path.of("/usr/lib/git-core");
        Path backend = Program.at(core + "/git-http-backend", "git");
        served = LAB.newFolder("repositories");
        Path work = LAB.newFolder("work");
        run(work, "init", "-q", ".");
        Files.write(work.resolve("large.bin"), Bytes.of(SIZE));
        run(work, "add", "large.bin");
        commit(work, "forty megabytes");
        run(work, "clone", "-q", "--bare", ".", served.resolve("project.git").toString());

        Pool unix = Pool.unix("git-unix", LAB.folder(), core).set("request_timeout", "5m");
        Pool tcp = Pool.tcp("git-tcp", core).set("request_timeout", "5m");
        LAB.daemon(unix, tcp);
        String location = """
                location ~ ^/git(/.*)$ {
                    include /etc/nginx/fastcgi.conf;
                    fastcgi_param SCRIPT_FILENAME %s;
                    fastcgi_param PATH_INFO $1;
                    fastcgi_param GIT_PROJECT_ROOT %s;
                    fastcgi_param GIT_HTTP_EXPORT_ALL "";
                    fastcgi_param REMOTE_USER tester;
                    @PASS@
                }
                """.formatted(backend, served);
        ways = Nginx.start(
                        LAB,
                        Stream.of(unix, tcp)
                                .flatMap(pool -> Stream.of(Nginx.Mode.BUFFERED, Nginx.Mode.UNBUFFERED)
                                        .map(mode -> Nginx.server(pool, mode)))
                                .toList(),
                        core,
                        location)
                .ways();
    }

    static List<Way> ways() {
        return ways;
    }

    @ParameterizedTest
    @MethodSource("ways")
    void clonesAndPushesFortyMegabytes(Way way) throws IOException {
        Path folder = LAB.newFolder("clone");
        String url = "http://127.0.0.1:" + way.port() + "/git/project.git";

        run(folder, "clone", "-q", url, "copy");

        Path copy = folder.resolve("copy");
        assertArrayEquals(Bytes.of(SIZE), Files.readAllBytes(copy.resolve("large.bin")));
        String branch = "push-" + way.port();
        run(copy, "checkout", "-q", "-b", branch);
        Files.write(copy.resolve("more.bin"), Bytes.of(SIZE - way.port()));
        run(copy, "add", "more.bin");
        commit(copy, "forty more");

        run(copy, "push", "-q", "origin", branch);

        Path bare = served.resolve("project.git");
        assertEquals(run(copy, "rev-parse", branch), run(bare, "rev-parse", branch));
        run(bare, "fsck", "--no-progress", "--connectivity-only");
    }

    private static void commit(Path folder, String message) {
        run(folder, "-c", "user.name=tester", "-c", "user.email=tester@test.example", "commit", "-q", "-m", message);
    }

    /** Runs git there and returns what it printed; a failure fails the test with git's own words. */
    private static String run(Path folder, String... arguments) {
        List<String> command = new ArrayList<>(List.of(git.toString()));
        command.addAll(List.of(arguments));
        Map<String, String> environment = Map.ofEntries(
                Map.entry("GIT_CONFIG_GLOBAL", "/dev/null"),
                Map.entry("GIT_CONFIG_SYSTEM", "/dev/null"),
                Map.entry("GIT_TERMINAL_PROMPT", "0"),
                // Random bytes do not get smaller, however long one tries.
                Map.entry("GIT_CONFIG_COUNT", "1"),
                Map.entry("GIT_CONFIG_KEY_0", "core.compression"),
                Map.entry("GIT_CONFIG_VALUE_0", "0"));
        // A name for each call: the output of one is not the output of the next.
        RunningProcess process =
                RunningProcess.start("git" + System.nanoTime(), LAB.folder(), environment, at(folder, command));
        int status = process.awaitExit(Duration.ofMinutes(2));
        assertEquals(0, status, () -> String.join(" ", command) + ": " + process.output());
        return process.output();
    }

    private static List<String> at(Path folder, List<String> command) {
        List<String> full = new ArrayList<>(command);
        full.addAll(1, List.of("-C", folder.toString()));
        return full;
    }
}
