package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.cgifpm.e2e.front.FrontEnd;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Repository;
import org.cgifpm.e2e.lab.RunningProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A wrong configuration: everything that is wrong with it is said at once, and nothing is started. */
class ConfigIT {
    @RegisterExtension
    static final Lab LAB = new Lab();

    private static final String USER = FrontEnd.asRoot() ? "user = \"root\"\n" : "";

    private record Outcome(int status, String output) {}

    @Test
    void listsEveryMistakeWithItsFileAndLine() throws IOException {
        Path file = broken();

        Outcome outcome = cgiFpm("check", "-c", file.toString());

        assertEquals(2, outcome.status(), outcome::toString);
        assertSays(outcome, "cgi-fpm.toml:5: pool.one.max_children:");
        assertSays(outcome, "cgi-fpm.toml:6: pool.one.max_childrn:");
        assertSays(outcome, "max_children");
        assertSays(outcome, "pool.two.root");
        assertSays(outcome, "pool.three.listen");
        assertSays(outcome, "107");
        assertSays(outcome, "pool.four.listen");
        assertSays(outcome, "pools.d/unreadable.toml");
    }

    @Test
    void refusesToRunWithItAndStartsNothing() throws IOException {
        Path file = broken();

        Outcome outcome = cgiFpm("run", "-c", file.toString());

        assertEquals(2, outcome.status(), outcome::toString);
        assertSays(outcome, "pool.two.root");
        assertFalse(Files.exists(file.resolveSibling("one.sock")), "a socket of a daemon that must not start");
        assertFalse(Files.exists(file.resolveSibling("control.sock")), "a control socket");
    }

    @Test
    void saysWhatIsWrongWithTheSyntax() throws IOException {
        Path file = write("[pool.one]\nlisten = \n");

        Outcome outcome = cgiFpm("check", "-c", file.toString());

        assertEquals(2, outcome.status(), outcome::toString);
        assertSays(outcome, "cgi-fpm.toml:2");
    }

    @Test
    void saysThatTheFileIsNotThere() {
        Outcome outcome = cgiFpm("check", "-c", LAB.folder() + "/none.toml");

        assertEquals(2, outcome.status(), outcome::toString);
        assertSays(outcome, "none.toml");
    }

    @Test
    void acceptsAGoodFileAndPrintsItWithItsDefaults() throws IOException {
        Path file = write("[pool.one]\nlisten = \"FOLDER/one.sock\"\nroot = \"ROOT\"\n" + USER);

        assertEquals(0, cgiFpm("check", "-c", file.toString()).status());
        Outcome dump = cgiFpm("check", "-c", file.toString(), "--dump");

        assertEquals(0, dump.status(), dump::toString);
        assertSays(dump, "request_timeout");
        assertFalse(Files.exists(file.resolveSibling("one.sock")), "check starts nothing");
    }

    @Test
    void refusesASecondDaemonOnTheSameSocket() throws IOException {
        Path file = write(
                "[daemon]\ncontrol = \"FOLDER/control.sock\"\n[pool.one]\nlisten = \"FOLDER/one.sock\"\nroot = \"ROOT\"\n"
                        + USER);
        RunningProcess first =
                LAB.run("first", LAB.folder(), List.of(Repository.launcher().toString(), "run", "-c", file.toString()));
        Awaitility.await("the first one listens")
                .atMost(Duration.ofSeconds(30))
                .until(() -> Files.exists(file.resolveSibling("one.sock")));

        Path other = file.resolveSibling("other.toml");
        Files.writeString(other, Files.readString(file).replace("control.sock", "other.sock"));

        Outcome second = cgiFpm("run", "-c", other.toString());

        assertEquals(1, second.status(), second::toString);
        assertSays(second, "one.sock");
        assertTrue(first.alive());
        assertTrue(Files.exists(file.resolveSibling("one.sock")), "the first one's socket is still there");
    }

    @Test
    void refusesAnUnknownCommand() {
        assertEquals(2, cgiFpm("rum").status());
    }

    private static Path broken() throws IOException {
        Path file = write("""
                include = ["pools.d/unreadable.toml"]
                [pool.one]
                listen = "FOLDER/one.sock"
                root = "ROOT"
                max_children = "sixteen"
                max_childrn = 16
                [pool.two]
                listen = "FOLDER/two.sock"
                [pool.three]
                listen = "FOLDER/LONG.sock"
                root = "ROOT"
                [pool.four]
                listen = "FOLDER/one.sock"
                root = "ROOT"
                """);
        // A folder can be read by nobody as a file, not even by root.
        Files.createDirectories(file.resolveSibling("pools.d").resolve("unreadable.toml"));
        return file;
    }

    private static Path write(String text) throws IOException {
        Path folder = LAB.newFolder("config");
        return Files.writeString(
                folder.resolve("cgi-fpm.toml"),
                text.replace("FOLDER", folder.toString())
                        .replace("ROOT", LAB.site().root().toString())
                        .replace("LONG", "x".repeat(120)));
    }

    private static void assertSays(Outcome outcome, String text) {
        assertTrue(outcome.output().contains(text), () -> "'" + text + "' is not in:\n" + outcome.output());
    }

    private static Outcome cgiFpm(String... arguments) {
        List<String> command = new ArrayList<>(List.of(Repository.launcher().toString()));
        command.addAll(List.of(arguments));
        RunningProcess process = RunningProcess.start("cgi-fpm" + System.nanoTime(), LAB.folder(), Map.of(), command);
        return new Outcome(process.awaitExit(Duration.ofSeconds(60)), process.output());
    }
}
