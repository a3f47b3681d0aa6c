package org.cgifpm.adapters.backend.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.cgifpm.adapters.Confinement;
import org.cgifpm.adapters.LaunchPlan;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.os.Errno;
import org.cgifpm.adapters.os.FailingLibc;
import org.cgifpm.adapters.os.Syscalls;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LaunchFailureTest {
    private final Syscalls syscalls = new Syscalls();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void doesNotBlameAScriptThatItHasNoDescriptorToLookAt() {
        FailingLibc libc = new FailingLibc();
        libc.fail("openat", 1, Errno.EMFILE);
        LaunchPlan plan =
                new LaunchPlan(Syscalls.AT_FDCWD, "/bin/sh", List.of(), List.of(), "/bin/sh", Confinement.NONE);

        RefusedException refused = LaunchFailure.unsound(libc.syscalls(), plan);

        assertNotNull(refused);
        assertEquals(503, refused.status());
        assertTrue(refused.why().startsWith("no room to start it: "), refused.why());
    }

    /** An interpreter such as /usr/bin/python3 or VENV/bin/python is a link as a rule. */
    @Test
    void aLinkThatSettingsNameIsWhatItLeadsTo() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("python"), Path.of("/bin/sh"));

        assertNull(unsound(link.toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/bin/sh", "/dev/tty"})
    void aLinkInTheFolderOfAScriptIsNotFollowed(String target) throws Exception {
        Files.createSymbolicLink(folder.resolve("script"), Path.of(target));

        RefusedException unsound = unsound("./script");
        assertNotNull(unsound);
        assertEquals(500, unsound.status());
    }

    private @Nullable RefusedException unsound(String program) {
        int directory = syscalls.openAt(Syscalls.AT_FDCWD, folder.toString(), Syscalls.O_PATH);
        try {
            LaunchPlan plan =
                    new LaunchPlan(directory, program, List.of(program), List.of(), program, Confinement.NONE);
            RefusedException unsound = LaunchFailure.unsound(syscalls, plan);
            assertEquals(unsound == null, LaunchFailure.hasSoundHead(syscalls, plan));
            return unsound;
        } finally {
            syscalls.close(directory);
        }
    }
}
