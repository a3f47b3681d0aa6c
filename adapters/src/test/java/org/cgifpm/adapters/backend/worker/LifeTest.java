package org.cgifpm.adapters.backend.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.cgifpm.adapters.backend.worker.GroupView.Health;
import org.cgifpm.adapters.testing.FakeExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers come, fail, are tried again and go. */
class LifeTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void startsWhatIsThereBeforeAnyRequest() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL.always(3))) {
            stand.open();
            WorkerStand.await(() -> assertEquals(3, stand.group().idle()));

            assertEquals(3, stand.alive().size());
            assertEquals(3, stand.socketFiles());
            assertEquals("hello ", stand.body("hello"));
        }
    }

    @Test
    void isReadyWhenItAcceptsAndNotBefore() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL, "after=go")) {
            RelayedRequest request = stand.get("hello");
            stand.awaitLogged("start", 1);

            assertEquals(1, stand.group().starting());
            assertFalse(request.exchange.answered());
            stand.make("go");
            assertEquals("hello ", request.ok());
        }
    }

    @Test
    void givesUpAWorkerThatNeverAccepts() throws Exception {
        Settings hasty = Settings.USUAL.startupTimeout(Settings.millis(700));
        try (WorkerStand stand = new WorkerStand(folder, hasty, "never")) {
            RelayedRequest request = stand.get("hello");

            assertEquals(503, request.answer().status());
            WorkerStand.await(() -> assertEquals(1, stand.warnings.size()));
            assertTrue(stand.warnings.get(0).contains("startup_timeout"), stand.warnings.get(0));
            WorkerStand.await(() -> assertEquals(Set.of(), stand.alive()));
        }
    }

    @Test
    void replacesAnIdleWorkerThatDies() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL.always(2))) {
            stand.open();
            WorkerStand.await(() -> assertEquals(2, stand.group().idle()));
            stand.body("kill:SIGKILL-after");

            WorkerStand.await(() -> assertEquals(3, stand.logged("start")));
            WorkerStand.await(() -> assertEquals(2, stand.group().idle()));
            assertEquals(1, stand.warnings.size(), stand.warnings::toString);
            assertTrue(stand.warnings.get(0).contains("killed by SIGKILL after 1 requests"), stand.warnings.get(0));
        }
    }

    @Test
    void doesNotTakeTheEndOfOneThatHasServedEnoughForAFailure() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL, "max=3")) {
            for (int i = 0; i < 30; i++) {
                assertEquals("hello ", stand.body("hello"));
            }
            assertTrue(stand.logged("start") >= 10, () -> "served by too few");
            assertEquals(List.of(), stand.warnings);
        }
    }

    @Test
    void refusesAtOnceWhatCannotBeServedAndRecoversByItself() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL, "exit-while=broken")) {
            stand.make("broken");
            RelayedRequest first = stand.get("hello");

            assertEquals(502, first.answer().status());
            assertTrue(
                    String.valueOf(first.outcome().problem()).contains("its workers keep failing"),
                    () -> "it says another thing");
            assertEquals(5, stand.logged("start"), "tries before it is refused");
            assertEquals(Health.EMERGENCY, stand.group().health());
            for (int i = 0; i < 10; i++) {
                assertEquals(502, stand.get("hello").answer().status());
            }
            assertTrue(stand.logged("start") <= 6, () -> "tried for each request");
            assertEquals(2, stand.warnings.size(), stand.warnings::toString);
            assertTrue(stand.warnings.get(1).contains("emergency"), stand.warnings.get(1));
            assertTrue(stand.stderr.contains("it does not wish to run"));
            stand.remove("broken");
            WorkerStand.await(
                    () -> assertEquals(200, stand.get("hello").answer().status()));
            WorkerStand.await(() -> assertEquals(Health.WELL, stand.group().health()));
            assertEquals(1, stand.infos.size(), stand.infos::toString);
        }
    }

    @Test
    void doesNotTakeTheAnswersOfAnOldWorkerForTheProofOfThoseThatFail() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL.always(2), "exit-while=broken")) {
            stand.open();
            WorkerStand.await(() -> assertEquals(2, stand.group().idle()));
            RelayedRequest other = stand.get("wait:go");
            int victim = Integer.parseInt(stand.body("pid"));
            stand.make("go");
            assertEquals("waited", other.ok());
            stand.make("broken");
            EndTest.signal("KILL", victim);

            WorkerStand.await(() -> {
                assertEquals("hello ", stand.body("hello"));
                assertEquals(Health.EMERGENCY, stand.group().health());
            });
            assertEquals(List.of(), stand.infos);
            assertTrue(stand.logged("start") <= 2 + 6, () -> "tried for each request");

            stand.remove("broken");
            WorkerStand.await(() -> {
                RelayedRequest one = stand.get("sleep:0.1");
                assertEquals("slept", stand.body("sleep:0.1"));
                assertEquals("slept", one.ok());
                assertEquals(Health.WELL, stand.group().health());
            });
            assertEquals(1, stand.infos.size(), stand.infos::toString);
        }
    }

    @Test
    void recoversWithoutARequestWhereWorkersShallBeThere() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL.always(2), "exit-while=broken")) {
            stand.make("broken");
            stand.open();
            WorkerStand.await(() -> assertTrue(stand.logged("start") >= 4));
            stand.remove("broken");

            WorkerStand.await(() -> assertEquals(2, stand.group().idle()));
            assertEquals("hello ", stand.body("hello"));
        }
    }

    @Test
    void countsWhatBefallsSeveralAtOnceAsOneFailure() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL.always(6), "exit=1")) {
            stand.open();
            WorkerStand.await(() -> assertTrue(stand.logged("start") >= 18));

            assertEquals(Health.FAILING, stand.group().health(), stand.warnings::toString);
            assertEquals(1, stand.warnings.size(), stand.warnings::toString);
        }
    }

    @Test
    void saysWhatIsWrongWithAProgramThatCannotBeStarted() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL)) {
            Files.delete(folder.resolve("app.py"));
            RelayedRequest request = stand.get("hello");

            assertEquals(502, request.answer().status());
            assertTrue(
                    String.valueOf(request.outcome().problem()).contains("does not exist"), () -> "" + stand.warnings);
        }
    }

    @Test
    void endsWorkersThatAreIdleTooLong() throws Exception {
        OnDemand briefly = new OnDemand(4, 32, Settings.millis(300));
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL.policy(briefly, 4))) {
            RelayedRequest first = stand.get("wait:go");
            RelayedRequest second = stand.get("wait:go");
            stand.awaitLogged("waiting", 2);
            stand.make("go");
            first.ok();
            second.ok();

            stand.awaitNothingLeft();
            assertEquals("hello ", stand.body("hello"));
        }
    }

    @Test
    void replacesWorkersWhenTheirFileHasChanged() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL.watching())) {
            stand.version = "first";
            String before = stand.body("pid");
            assertEquals(before, stand.body("pid"));
            stand.version = "second";

            WorkerStand.await(() -> assertNotEquals(before, stand.body("pid")));
            assertEquals(2, stand.logged("start"));
        }
    }

    @Test
    void doesNotReplaceAWorkerBecauseOfItsFileUnlessTold() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL)) {
            stand.version = "first";
            String before = stand.body("pid");
            stand.version = "second";
            assertEquals(before, stand.body("pid"));
            assertEquals(before, stand.body("pid"));
        }
    }

    @Test
    void makesRoomForAnApplicationByEndingAnIdleWorkerOfAnother() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL)) {
            var first = stand.application("first");
            var second = stand.application("second");
            for (int i = 0; i < 3; i++) {
                assertEquals(
                        "hello ",
                        stand.serve(stand.exchange("GET", "hello", ""), first).ok());
                assertEquals(
                        "hello ",
                        stand.serve(stand.exchange("GET", "hello", ""), second).ok());
            }
            assertEquals(1, stand.workers());
            assertEquals(6, stand.logged("start"));
        }
    }

    @Test
    void waitsForAPlaceUntilTheOnlyWorkerIsDoneWithAnother() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL)) {
            RelayedRequest first = stand.serve(stand.exchange("GET", "wait:go", ""), stand.application("first"));
            stand.awaitLogged("waiting", 1);
            RelayedRequest second = stand.serve(stand.exchange("GET", "hello", ""), stand.application("second"));
            RelayedRequest third = stand.serve(stand.exchange("GET", "hello", ""), stand.application("third"));
            stand.onLoop(() -> {});
            assertEquals(1, stand.workers());
            stand.make("go");

            assertEquals("waited", first.ok());
            assertEquals("hello ", second.ok());
            assertEquals("hello ", third.ok());
            assertEquals(3, stand.logged("start"), "workers were ended before they had served");
        }
    }

    @Test
    void doesNotMoveSpareWorkersFromOneApplicationToAnother() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL.always(2))) {
            stand.open();
            WorkerStand.await(() -> assertEquals(2, stand.group().idle()));
            FakeExchange exchange = stand.exchange("GET", "hello", "");
            assertEquals(
                    "hello ", stand.serve(exchange, stand.application("other")).ok());
            WorkerStand.await(() -> assertTrue(stand.quiet()));
            for (int i = 0; i < 50; i++) {
                stand.onLoop(() -> {});
            }

            assertEquals(3, stand.logged("start"));
            assertEquals(2, stand.workers());
        }
    }
}
