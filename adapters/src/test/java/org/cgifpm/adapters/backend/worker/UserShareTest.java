package org.cgifpm.adapters.backend.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.cgifpm.adapters.Application;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code max_children_per_user} among the applications of one pool. */
class UserShareTest {
    private static final int ALICE = 70_001;
    private static final int BOB = 70_002;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void whoHasHisShareEndsNobodyElsesWorker() throws Exception {
        Settings settings = Settings.USUAL
                .policy(new OnDemand(2, 32, Settings.seconds(60)), 2)
                .maxPerUser(1);
        try (WorkerStand stand = new WorkerStand(folder, settings)) {
            Application hers = stand.applicationOf(ALICE, "hers");
            String before = stand.serve(stand.exchange("GET", "pid", ""), hers).ok();
            RelayedRequest at = stand.serve(stand.exchange("GET", "wait:go", ""), stand.applicationOf(BOB, "his"));
            stand.awaitLogged("waiting", 1);
            RelayedRequest more = stand.serve(stand.exchange("GET", "hello", ""), stand.applicationOf(BOB, "another"));

            stand.onLoop(() -> {});
            assertEquals(
                    before, stand.serve(stand.exchange("GET", "pid", ""), hers).ok());
            stand.make("go");
            assertEquals("waited", at.ok());
            assertEquals("hello", more.ok().strip());
        }
    }
}
