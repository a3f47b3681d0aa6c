package org.cgifpm.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pool runs from and the folders down to it: whom they may belong to, and who may write them. */
class PathSafetyTest {
    private static final String BELONGS =
            ", who decides what is in it, and is neither root nor the pool's user; chown it";
    private static final String WRITTEN = ", so that others than its owner can replace what is in it; chmod go-w";

    private final ConfigFolder files;

    PathSafetyTest(@TempDir Path folder) throws IOException {
        files = new ConfigFolder(folder).as(ConfigFolder.ROOT);
        files.folder("cgi/site", "rwxr-xr-x").folder("cgi/site/bin", "rwxr-xr-x");
    }

    @Test
    void acceptsFoldersOfRootAndOfThePoolsUser() throws ConfigException {
        files.owned("cgi/site", 1001, 1001).owned("cgi/site/bin", 1001, 1001);

        assertEquals(List.of(), files.warnings(pool("legacy", "")));
    }

    @Test
    void refusesARootOfAnotherUser() {
        files.owned("cgi/site/bin", 1003, 1003);

        assertEquals(
                List.of("$D/c.toml:4: pool.a.root: the folder \"$D/cgi/site/bin\" belongs to user \"bob\"" + BELONGS),
                files.problems(pool("legacy", "")));
        assertEquals(
                List.of("$D/c.toml:4: pool.a.root: the folder \"$D/cgi/site/bin\" belongs to user \"bob\"" + BELONGS),
                files.problems(pool("root", "")));
    }

    @Test
    void refusesAFolderAboveThatBelongsToAnother() {
        files.owned("cgi/site", 5000, 1003);

        assertEquals(
                List.of("$D/c.toml:4: pool.a.root: the folder \"$D/cgi/site\" belongs to user number 5000" + BELONGS),
                files.problems(pool("legacy", "")));
    }

    @Test
    void ownersOfScriptsHaveTheirFoldersBelowRootOnly() throws ConfigException {
        assertEquals(List.of(), files.warnings(pool("@owner", "")));
        files.owned("cgi/site", 1001, 1001).owned("cgi/site/bin", 1003, 1003);
        String rest = ", who decides what is in it, and is not root, to whom all must belong down to a root of"
                + " \"@owner\"; chown it to root";

        assertEquals(
                List.of(
                        "$D/c.toml:4: pool.a.root: the folder \"$D/cgi/site\" belongs to user \"legacy\"" + rest,
                        "$D/c.toml:4: pool.a.root: the folder \"$D/cgi/site/bin\" belongs to user \"bob\"" + rest),
                files.problems(pool("@owner", "")));
    }

    @Test
    void refusesAStrangersLinkInAStickyFolder() throws Exception {
        files.folder("home", "rwxr-xr-x").owned("cgi/site", 0, 0, 01777);
        Files.delete(files.path("cgi/site/bin"));
        Files.createSymbolicLink(files.path("cgi/site/bin"), files.path("home"));
        assertEquals(List.of(), files.warnings(pool("@owner", "")));
        files.owned("cgi/site/bin", 1001, 1001);
        List<String> said = List.of("$D/c.toml:4: pool.a.root: the folder \"$D/cgi/site\" has mode 1777" + WRITTEN);

        assertEquals(said, files.problems(pool("@owner", "")));
        assertEquals(said, files.problems(pool("root", "")));
        assertEquals(List.of(), files.warnings(pool("legacy", "")));
    }

    @Test
    void refusesAFolderOnTheWayThatOthersCanWriteUnlessItIsSticky() throws Exception {
        files.mode("cgi", "rwxrwxr-x");
        assertEquals(
                List.of("$D/c.toml:4: pool.a.root: the folder \"$D/cgi\" has mode 0775" + WRITTEN),
                files.problems(pool("legacy", "")));
        files.owned("cgi", 0, 0, 0757);
        assertEquals(
                List.of("$D/c.toml:4: pool.a.root: the folder \"$D/cgi\" has mode 0757" + WRITTEN),
                files.problems(pool("@owner", "")));
        files.owned("cgi", 0, 0, 01777);
        assertEquals(List.of(), files.warnings(pool("legacy", "")));
    }

    @Test
    void refusesARootThatOthersCanWriteAlsoAStickyOne() {
        files.owned("cgi/site/bin", 0, 0, 01777);

        assertEquals(
                List.of("$D/c.toml:4: pool.a.root: the folder \"$D/cgi/site/bin\" has mode 1777" + WRITTEN),
                files.problems(pool("legacy", "")));
    }

    @Test
    void seesTheFoldersThatALinkLeadsThrough() throws IOException {
        files.folder("home", "rwxrwxrwx").folder("home/bin", "rwxr-xr-x");
        Files.delete(files.path("cgi/site/bin"));
        Files.createSymbolicLink(files.path("cgi/site/bin"), files.path("home/bin"));

        assertEquals(
                List.of("$D/c.toml:4: pool.a.root: the folder \"$D/home\" has mode 0777" + WRITTEN),
                files.problems(pool("legacy", "")));
    }

    @Test
    void isAsLoudAsTheChecksOfTheSameName() throws IOException, ConfigException {
        files.owned("cgi/site/bin", 1003, 1003).mode("cgi", "rwxrwxrwx");
        String owner =
                "$D/c.toml:4: pool.a.root: warning: the folder \"$D/cgi/site/bin\" belongs to user \"bob\"" + BELONGS;
        String writable = "$D/c.toml:4: pool.a.root: warning: the folder \"$D/cgi\" has mode 0777" + WRITTEN;

        assertEquals(
                List.of(writable, owner),
                files.warnings(pool("legacy", "checks = {directory_owner = \"warn\", directory_writable = \"warn\"}")));
        assertEquals(
                List.of(writable),
                files.warnings(pool("legacy", "checks = {directory_owner = \"off\", directory_writable = \"warn\"}")));
        assertEquals(
                List.of(),
                files.warnings(pool("legacy", "checks = {directory_owner = \"off\", directory_writable = \"off\"}")));
    }

    @Test
    void asksADaemonWithoutPowerOnlyWhoCanWrite() throws IOException, ConfigException {
        files.as(ConfigFolder.WWW_DATA).owned("cgi/site/bin", 1003, 1003);
        assertEquals(List.of(), files.warnings(pool("www-data", "")));
        files.mode("cgi", "rwxrwxrwx");
        assertEquals(
                List.of("$D/c.toml:4: pool.a.root: the folder \"$D/cgi\" has mode 0777" + WRITTEN),
                files.problems(pool("www-data", "")));
    }

    @Test
    void looksAtTheProgramOfACommandAsAtRoot() throws Exception {
        files.folder("cgi/app", "rwxr-xr-x").program("cgi/app/hello");
        String key = "$D/c.toml:5: pool.a.command: ";
        assertEquals(List.of(), files.warnings(worker("")));
        files.owned("cgi/app", 1001, 1001).owned("cgi/app/hello", 1001, 1001);
        assertEquals(List.of(), files.warnings(worker("")));
        files.owned("cgi/app", 1003, 1003).owned("cgi/app/hello", 5000, 1003);
        assertEquals(
                List.of(
                        key + "the folder \"$D/cgi/app\" belongs to user \"bob\"" + BELONGS,
                        key + "the file \"$D/cgi/app/hello\" belongs to user number 5000" + BELONGS),
                files.problems(worker("")));
        files.owned("cgi/app", 0, 0).owned("cgi/app/hello", 0, 0).mode("cgi/app/hello", "rwxrwxr-x");
        files.owned("cgi/app/hello", 0, 0);
        assertEquals(
                List.of(key + "the file \"$D/cgi/app/hello\" has mode 0775" + WRITTEN), files.problems(worker("")));
        assertEquals(List.of(), files.warnings(worker("checks = {writable = \"off\"}")));
    }

    @Test
    void looksAtTheFolderOfACommandOnceAndAtAnotherRootToo() throws IOException {
        files.owned("cgi/site", 1003, 1003).owned("cgi/site/bin", 1003, 1003);
        files.program("cgi/site/hello");
        assertEquals(
                List.of(
                        "$D/c.toml:5: pool.a.command: the folder \"$D/cgi/site\" belongs to user \"bob\"" + BELONGS,
                        "$D/c.toml:6: pool.a.root: the folder \"$D/cgi/site\" belongs to user \"bob\"" + BELONGS,
                        "$D/c.toml:6: pool.a.root: the folder \"$D/cgi/site/bin\" belongs to user \"bob\"" + BELONGS),
                problemsOfSite("root = \"$D/cgi/site/bin\""));
        assertEquals(
                List.of("$D/c.toml:5: pool.a.command: the folder \"$D/cgi/site\" belongs to user \"bob\"" + BELONGS),
                problemsOfSite(""));
    }

    private List<String> problemsOfSite(String more) {
        return files.problems(worker(more).replace("app/hello", "site/hello"));
    }

    @Test
    void looksAtThePythonThatRunsAnApplication() throws Exception {
        files.folder("venv", "rwxr-xr-x").folder("venv/bin", "rwxr-xr-x").program("venv/bin/python");
        files.program("python3").folder("lib", "rwxr-xr-x");
        String pool = """
                [pool.a]
                listen = "$D/run/a"
                user = "legacy"
                root = "$D/cgi/site"
                mode = "wsgi"
                [pool.a.python]
                app = "a:b"
                """;
        String own = pool + "virtualenv = \"$D/venv\"\n";
        files.owned("venv", 1001, 1001);
        assertEquals(List.of(), files.warnings(own));
        files.owned("venv", 1003, 1003);
        String said = "$D/c.toml:8: pool.a.python.virtualenv: the folder \"$D/venv\" belongs to user \"bob\"" + BELONGS;
        assertEquals(List.of(said), files.problems(own));
        files.owned("python3", 5000, 5000);
        assertEquals(
                List.of(
                        said,
                        "$D/c.toml:9: pool.a.python.interpreter: the file \"$D/python3\" belongs to user number 5000"
                                + BELONGS),
                files.problems(own + "interpreter = \"$D/python3\"\n"));
    }

    private static String worker(String more) {
        return "[pool.a]\nlisten = \"$D/run/a\"\nuser = \"legacy\"\nmode = \"worker\"\n"
                + "command = [\"$D/cgi/app/hello\"]\n" + more + "\n";
    }

    private static String pool(String user, String more) {
        return "[pool.a]\nlisten = \"$D/run/a\"\nuser = \"" + user + "\"\nroot = \"$D/cgi/site/bin\"\n" + more + "\n";
    }
}
