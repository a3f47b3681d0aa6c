package org.cgifpm.daemon.supervisor.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.cgifpm.adapters.os.FileStatus;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.supervisor.python.PythonLine.OtherException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init")
class ScriptHeadsTest {
    private long now = Long.MAX_VALUE;
    private final Syscalls syscalls = new Syscalls();
    private final ScriptHeads heads = new ScriptHeads(syscalls, () -> now);

    @TempDir
    Path temporary;

    private Path script;
    private int folder;

    @BeforeEach
    void openFolder() throws IOException {
        script = temporary.resolve("a.cgi");
        folder = syscalls.openAt(Syscalls.AT_FDCWD, temporary.toString(), Syscalls.O_PATH);
    }

    @AfterEach
    void closeFolder() {
        syscalls.close(folder);
    }

    private FileStatus status() throws Exception {
        return syscalls.statusOfPath(script.toString());
    }

    private Optional<String> program() throws Exception {
        return heads.of(folder, "a.cgi", status()).map(Shebang::program);
    }

    @Test
    void readsTheFirstLineAndNoMore() throws Exception {
        Files.writeString(script, "#!/bin/one\n" + "#".repeat(1000));
        assertEquals(Optional.of("/bin/one"), program());
        Files.writeString(script, "");
        assertEquals(Optional.empty(), program());
    }

    @Test
    void readsAnotherStateOfAFileAnewWhateverItsTimesSay() throws Exception {
        FileTime time = FileTime.fromMillis(1_000_000);
        Files.writeString(script, "#!/bin/one\n");
        Files.setLastModifiedTime(script, time);
        FileStatus first = status();
        assertEquals(Optional.of("/bin/one"), program());

        do {
            Files.writeString(script, "#!/bin/two\n");
            Files.setLastModifiedTime(script, time);
        } while (status().changedNanos() == first.changedNanos()); // the kernel's clock ticks every 4 ms
        assertEquals(first.modifiedNanos(), status().modifiedNanos());
        assertEquals(first.size(), status().size());
        assertEquals(Optional.of("/bin/two"), program());
    }

    @Test
    void doesNotReadTheSameStateTwice() throws Exception {
        Files.writeString(script, "#!/bin/one\n");
        FileStatus status = status();
        assertEquals(Optional.of("/bin/one"), program());
        Files.delete(script);

        assertEquals(Optional.of("/bin/one"), heads.of(folder, "a.cgi", status).map(Shebang::program));
    }

    @Test
    void readsAFileAgainThatMayHaveChangedAndLookTheSame() throws Exception {
        Files.writeString(script, "#!/bin/one\n");
        FileStatus status = status();
        now = status.changedNanos() + 1_000_000;
        heads.of(folder, "a.cgi", status);
        Files.writeString(script, "#!/bin/two\n");

        assertEquals(Optional.of("/bin/two"), heads.of(folder, "a.cgi", status).map(Shebang::program));
    }

    @Test
    void saysWhatCannotBeRead() throws Exception {
        Files.writeString(script, "#!/bin/one\n");
        FileStatus status = status();
        Files.delete(script);
        assertEquals(
                "the daemon cannot read it: ENOENT (no such file or directory)",
                assertThrows(OtherException.class, () -> heads.of(folder, "a.cgi", status))
                        .why());
        Files.createSymbolicLink(script, Path.of("/etc/passwd"));
        assertTrue(assertThrows(OtherException.class, () -> heads.of(folder, "a.cgi", status))
                .why()
                .startsWith("the daemon cannot read it: "));
        Files.delete(script);
        Files.createDirectory(script);
        assertTrue(assertThrows(OtherException.class, () -> heads.of(folder, "a.cgi", status))
                .why()
                .startsWith("the daemon cannot read it: "));
    }

    @Test
    void remembersNoMoreThanSoMany() throws Exception {
        Files.writeString(script, "#!/bin/one\n");
        FileStatus status = status();
        for (int i = 0; i < ScriptHeads.MOST + 10; i++) {
            heads.of(folder, "a.cgi", new FileStatus(status.mode(), 0, 0, 1, i, 11, 0, 0));
        }
        assertTrue(heads.remembered() <= ScriptHeads.MOST, heads.remembered() + " remembered");
    }
}
