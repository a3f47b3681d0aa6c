package org.cgifpm.daemon.supervisor.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.supervisor.python.PythonLine.OtherException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init")
class InterpretersTest {
    @TempDir
    Path temporary;

    private Path folder;
    private String jail = "";
    private String path;
    private long now;

    @BeforeEach
    void makePrograms() throws IOException {
        folder = temporary.toRealPath();
        path = folder + "/one:" + folder + "/two/";
        program("two/python3.9");
        link("two/python3", "python3.9");
        link("two/python", "python3");
    }

    private void program(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[] {0x7f, 'E', 'L', 'F', 0});
        permissions(name, "rwxr-xr-x");
    }

    private void permissions(String name, String permissions) throws IOException {
        Files.setPosixFilePermissions(folder.resolve(name), PosixFilePermissions.fromString(permissions));
    }

    private void link(String name, String target) throws IOException {
        Files.createDirectories(folder.resolve(name).getParent());
        Files.createSymbolicLink(folder.resolve(name), Path.of(target));
    }

    private Interpreters interpreters() {
        return new Interpreters(new Syscalls(), jail, path, () -> now);
    }

    private Interpreter named(String program) throws OtherException {
        return interpreters().of(new PythonLine(program, false, ""));
    }

    private Interpreter searched(String name) throws OtherException {
        return interpreters().of(new PythonLine(name, true, ""));
    }

    private String why(String name) {
        return assertThrows(OtherException.class, () -> searched(name)).why();
    }

    @Test
    void allNamesOfOnePythonLeadToTheSameOneUnderItsUsualName() throws Exception {
        Interpreter same = new Interpreter(folder + "/two/python3", folder + "/two/python3.9");
        link("elsewhere/python3", folder + "/two/python");

        assertEquals(same, named(folder + "/two/python3.9"));
        assertEquals(same, named(folder + "/two/python3"));
        assertEquals(same, named(folder + "/elsewhere/python3"));
        assertEquals(same, searched("python"));
    }

    @Test
    void aPythonThatIsNotTheUsualOneKeepsItsName() throws Exception {
        program("two/python3.12");

        assertEquals(
                new Interpreter(folder + "/two/python3.12", folder + "/two/python3.12"),
                named(folder + "/two/python3.12"));
        program("site/py");
        assertEquals(new Interpreter(folder + "/site/py", folder + "/site/py"), named(folder + "/site/py"));
    }

    @Test
    void aVirtualEnvironmentIsWhatItsPathSays() throws Exception {
        link("venv/bin/python3", folder + "/two/python3.9");
        Files.writeString(folder.resolve("venv/pyvenv.cfg"), "home = there\n");
        String program = folder + "/venv/bin/python3";

        assertEquals(new Interpreter(program, program), named(program));

        link("flat/python3", folder + "/two/python3.9");
        Files.writeString(folder.resolve("flat/pyvenv.cfg"), "home = there\n");
        assertEquals(
                new Interpreter(folder + "/flat/python3", folder + "/flat/python3"), named(folder + "/flat/python3"));
    }

    @Test
    void theFirstInPathIsTakenAndWhatIsThereLaterAfterAWhile() throws Exception {
        Interpreters interpreters = interpreters();
        PythonLine line = new PythonLine("python3", true, "");
        assertEquals(folder + "/two/python3", interpreters.of(line).program());

        program("one/python3");
        now += Duration.ofSeconds(4).toNanos();
        assertEquals(folder + "/two/python3", interpreters.of(line).program());
        now += Duration.ofSeconds(2).toNanos();
        assertEquals(folder + "/one/python3", interpreters.of(line).program());
    }

    @Test
    void saysWhatIsWrongWithOnesThatCannotBeStarted() throws Exception {
        assertEquals("there is no python3.14 in PATH, which is " + path, why("python3.14"));

        Files.writeString(folder.resolve("two/python3.15"), "#!/bin/sh\nexec python3 \"$@\"\n");
        permissions("two/python3.15", "rwxr-xr-x");
        assertEquals(folder + "/two/python3.15 is no program", why("python3.15"));

        permissions("two/python3.9", "rw-r--r--");
        assertEquals("there is no python3 in PATH, which is " + path, why("python3"));

        path = "bin:" + path;
        assertEquals("PATH has a folder that is not absolute", why("python3"));
    }

    @Test
    void anInterpreterThatIsTooOldForAKeeperIsNone() throws Exception {
        program("two/python2.7");
        link("one/python", folder + "/two/python2.7");
        program("one/python3.7");

        assertEquals(folder + "/one/python is older than Python 3.8, which a keeper needs", why("python"));
        assertEquals(folder + "/one/python3.7 is older than Python 3.8, which a keeper needs", why("python3.7"));
        program("one/python3.10");
        assertEquals(folder + "/one/python3.10", searched("python3.10").program());
    }

    @Test
    void aDaemonThatIsRootTakesOnlyWhatEverybodyMayExecute() throws Exception {
        permissions("two/python3.9", "rwxr-x---");

        if (new Syscalls().effectiveUser() == 0) {
            assertEquals(folder + "/two/python3 may not be executed by everybody", why("python3"));
        } else {
            assertEquals(folder + "/two/python3", searched("python3").program());
        }
    }

    @Test
    void inAnotherRootFolderItIsFoundThereAndNoLinkIsFollowedForIt() throws Exception {
        program("jail/usr/bin/python3.9");
        link("jail/usr/bin/python3", "python3.9");
        jail = folder + "/jail";
        path = "/usr/bin";
        assertEquals("there is no /proc in the new root folder, which a keeper needs", why("python3"));

        Files.createDirectories(folder.resolve("jail/proc/self/fd"));
        assertEquals(new Interpreter("/usr/bin/python3", "/usr/bin/python3"), searched("python3"));
        assertEquals(new Interpreter("/usr/bin/python3.9", "/usr/bin/python3.9"), named("/usr/bin/python3.9"));
    }

    @Test
    void remembersNoMoreThanSoMany() throws Exception {
        Interpreters interpreters = interpreters();
        for (int i = 0; i < 3 * Interpreters.MOST; i++) {
            PythonLine line = new PythonLine("/none/python3." + (10 + i), false, "");
            assertThrows(OtherException.class, () -> interpreters.of(line));
        }
        assertEquals(true, interpreters.remembered() <= Interpreters.MOST);
    }
}
