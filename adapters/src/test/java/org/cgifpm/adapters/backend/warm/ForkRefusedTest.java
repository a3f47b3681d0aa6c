package org.cgifpm.adapters.backend.warm;

import static org.cgifpm.adapters.backend.warm.WarmStand.HEAD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.Confinement;
import org.cgifpm.adapters.backend.process.Confined;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A keeper of another user, who may have so many processes and no more. As root. */
class ForkRefusedTest {
    private static final String WAIT = HEAD + """
            import os, time
            print(os.getuid(), flush=True)
            while not os.path.exists('go'):
                time.sleep(0.02)
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @BeforeEach
    void letOthersIn() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    @Test
    void answersFiveHundredAndThreeAndGoesOn() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            // The keeper is one of them.
            Confinement three = Confined.somebody(Confined.limits(-1, -1, -1, 3, -1, -1, -1));
            Application keeper = stand.keeperOf(three);
            String script = stand.script("wait.py", WAIT);
            List<WarmRequest> running = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                WarmRequest request = stand.serve(stand.get(), keeper, three, script);
                running.add(request);
                WarmStand.await(() -> assertTrue(request.exchange.bytesWritten() > 0));
            }

            WarmRequest refused = stand.serve(stand.get(), keeper, three, script);
            assertEquals(503, refused.answer().status());
            assertTrue(refused.problem().startsWith("no room for a process: "), refused.problem());

            stand.make("go");
            for (WarmRequest request : running) {
                assertEquals(Confined.UID + "\n", request.ok());
                request.outcome();
            }
            assertEquals(
                    Confined.UID + "\n",
                    stand.serve(stand.get(), keeper, three, script).ok());
            assertEquals(1, stand.infos("is ready"), stand.infos::toString);
            assertEquals(0, stand.warnings.size(), stand.warnings::toString);
        }
    }
}
