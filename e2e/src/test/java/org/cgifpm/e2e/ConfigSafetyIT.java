package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Repository;
import org.cgifpm.e2e.lab.RunningProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What {@code check} finds with two users of this system and their files. Wants to be run by root, as a daemon that
 * changes its identity does; the same rules are tested without root where they are written.
 */
class ConfigSafetyIT {
    private static final String ANNE = "cgifpmcfg1";
    private static final String BERT = "cgifpmcfg2";

    @RegisterExtension
    static final Lab LAB = new Lab();

    private record Outcome(int status, String output) {}

    @BeforeAll
    static void makeUsers() {
        removeUsers();
        for (String user : List.of(ANNE, BERT)) {
            assertEquals(
                    0,
                    run("useradd", "--no-create-home", "--user-group", "--uid", uid(user), user)
                            .status());
        }
    }

    @AfterAll
    static void removeUsers() {
        for (String user : List.of(ANNE, BERT)) {
            run("userdel", user);
        }
    }

    /** Far from what useradd gives to others. */
    private static String uid(String user) {
        return user.equals(ANNE) ? "48211" : "48212";
    }

    @Test
    void acceptsTwoUsersWhoseSocketsOnlyTheFrontEndOpens() throws IOException {
        Path folder = site();
        write(folder, pool("anne", ANNE, "") + pool("bert", BERT, ""));

        Outcome outcome = check(folder);
        Outcome dump = cgiFpm("check", "-c", folder.resolve("c.toml").toString(), "--dump");

        assertEquals(0, outcome.status(), outcome::toString);
        assertTrue(dump.output().contains("user = \"" + ANNE + "\""), dump::toString);
    }

    @Test
    void namesEveryWayInThatOneUserHasToTheOther() throws IOException {
        Path folder = site();
        chown("anne", folder.resolve("log"));
        Files.setPosixFilePermissions(folder.resolve("wide"), PosixFilePermissions.fromString("rwxrwxrwx"));
        write(
                folder,
                pool("anne", ANNE, "access_log = \"FOLDER/log/anne\"\n")
                        + pool("bert", BERT, "").replace("\"www-data\"", "\"www-data\", \"" + ANNE + "\"")
                        + pool("group", BERT, "listen_group = \"" + ANNE + "\"\n")
                                .replace("allowed_users = [\"www-data\"]", "")
                        + pool("foreign", ANNE, "").replace("FOLDER/anne", "FOLDER/bert")
                        + pool("wide", ANNE, "").replace("FOLDER/anne", "FOLDER/wide/cgi")
                        + pool("nobody", "cgifpmcfg3", ""));

        Outcome outcome = check(folder);

        assertEquals(2, outcome.status(), outcome::toString);
        assertSays(outcome, "pool.anne.access_log: the folder \"" + folder + "/log\" belongs to user \"" + ANNE + "\"");
        assertSays(outcome, "pool.bert.allowed_users: lets in \"" + ANNE + "\", as whom pool.anne runs");
        assertSays(outcome, "pool.group.listen: its owner, group and mode let in \"" + ANNE + "\"");
        assertSays(outcome, "pool.foreign.root: the folder \"" + folder + "/bert\" belongs to user \"" + BERT + "\"");
        assertSays(outcome, "pool.wide.root: the folder \"" + folder + "/wide\" has mode 0777");
        assertSays(outcome, "pool.nobody.user: there is no user \"cgifpmcfg3\" on this system");
    }

    @Test
    void refusesAConfigurationThatAnotherUserCanWrite() throws IOException {
        Path folder = site();
        write(folder, pool("anne", ANNE, ""));
        chown("anne", folder.resolve("c.toml"));

        Outcome outcome = cgiFpm("run", "-c", folder.resolve("c.toml").toString());

        assertEquals(2, outcome.status(), outcome::toString);
        assertSays(outcome, "c.toml:1: the file belongs to user \"" + ANNE + "\"");
    }

    @Test
    void aDaemonWithoutPowerSaysWhatItLacks() throws IOException {
        Path folder = site();
        write(folder, pool("bert", BERT, "").replace("root = \"FOLDER/bert\"", "root = \"FOLDER/cgi\""));

        String command = "exec setpriv --reuid " + uid(ANNE) + " --regid " + uid(ANNE) + " --clear-groups \"$@\"";
        Outcome outcome = run(
                "/bin/sh",
                "-c",
                command,
                "sh",
                Repository.launcher().toString(),
                "check",
                "-c",
                folder.resolve("c.toml").toString());

        assertEquals(2, outcome.status(), outcome::toString);
        assertSays(outcome, "pool.bert.user: \"" + BERT + "\" cannot be had: the daemon runs as \"" + ANNE + "\"");
        assertSays(outcome, "without CAP_SETUID and CAP_SETGID");
    }

    /** Folders for scripts of both, and one for logs. */
    private static Path site() throws IOException {
        Path folder = LAB.newFolder("safety");
        for (String name : List.of("anne", "bert", "cgi", "log", "wide", "wide/cgi")) {
            Files.createDirectory(folder.resolve(name));
        }
        chown("anne", folder.resolve("anne"));
        chown("bert", folder.resolve("bert"));
        return folder;
    }

    private static void chown(String whom, Path file) {
        String user = whom.equals("anne") ? ANNE : BERT;
        assertEquals(0, run("chown", user + ":" + user, file.toString()).status());
    }

    private static String pool(String name, String user, String more) {
        String home = user.equals(BERT) ? "bert" : "anne";
        return "[pool." + name + "]\nlisten = \"FOLDER/" + name + ".sock\"\nallowed_users = [\"www-data\"]\nuser = \""
                + user + "\"\nroot = \"FOLDER/" + home + "\"\n" + more;
    }

    private static void write(Path folder, String toml) throws IOException {
        Files.writeString(
                folder.resolve("c.toml"),
                "[daemon]\ncontrol = \"" + folder + "/control\"\n" + toml.replace("FOLDER", folder.toString()));
    }

    private static void assertSays(Outcome outcome, String text) {
        assertTrue(outcome.output().contains(text), () -> "'" + text + "' is not in:\n" + outcome.output());
    }

    private static Outcome check(Path folder) {
        return cgiFpm("check", "-c", folder.resolve("c.toml").toString());
    }

    private static Outcome cgiFpm(String... arguments) {
        List<String> command = new ArrayList<>(List.of(Repository.launcher().toString()));
        command.addAll(List.of(arguments));
        return run(command.toArray(String[]::new));
    }

    private static Outcome run(String... command) {
        RunningProcess process =
                RunningProcess.start("cfg" + System.nanoTime(), LAB.folder(), Map.of(), List.of(command));
        return new Outcome(process.awaitExit(Duration.ofSeconds(60)), process.output());
    }
}
