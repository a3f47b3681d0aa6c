package org.cgifpm.adapters.backend.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers that take their requests from the pool's own socket. */
class DirectWorkersTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void startsNobodyAndSleepsUntilTheFirstConnectionComes() throws Exception {
        try (DirectStand stand = new DirectStand(folder, Settings.USUAL)) {
            stand.awaitQuiet(Duration.ofMillis(1500));
            assertEquals(Set.of(), stand.alive());

            String pid = answer(stand.ask("hello"));

            assertEquals(Set.of(Integer.valueOf(pid)), stand.alive());
            assertEquals(1, stand.logged("start"));
        }
    }

    @Test
    void hasNoTimerEitherAtItsFixedNumber() throws Exception {
        try (DirectStand stand = new DirectStand(folder, Settings.USUAL.always(2))) {
            DirectStand.await(() -> assertEquals(2, stand.logged("start")));
            answer(stand.ask("hello"));

            stand.awaitQuiet(Duration.ofMillis(1500));
            assertEquals(2, stand.alive().size());
        }
    }

    @Test
    void keepsItsFixedNumberWhenOneIsKilled() throws Exception {
        try (DirectStand stand = new DirectStand(folder, Settings.USUAL.always(3))) {
            DirectStand.await(() -> assertEquals(3, stand.logged("start")));
            int victim = stand.alive().iterator().next();
            EndTest.signal("KILL", victim);

            DirectStand.await(() -> {
                assertEquals(3, stand.alive().size());
                assertFalse(stand.alive().contains(victim));
            });
            DirectStand.await(() -> assertEquals(4, stand.logged("start")));
            assertEquals(List.of("/direct.py: worker " + victim + " was killed by SIGKILL"), stand.warnings);
        }
    }

    @Test
    void startsMoreWhileConnectionsStayUnacceptedAndEndsThoseThatHaveNothingToDo() throws Exception {
        Settings settings = Settings.USUAL.policy(new OnDemand(8, 32, Settings.millis(1500)), 8);
        try (DirectStand stand = new DirectStand(folder, settings)) {
            List<CompletableFuture<String>> answers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                answers.add(stand.ask("sleep:0.3"));
            }
            for (CompletableFuture<String> answer : answers) {
                answer(answer);
            }
            long most = stand.logged("start");
            assertTrue(most > 1 && most <= 8, () -> most + " workers");

            DirectStand.await(() -> assertEquals(Set.of(), stand.alive()));
            stand.awaitQuiet(Duration.ofMillis(1500));
            assertEquals(List.of(), stand.warnings);
            answer(stand.ask("hello"));
        }
    }

    @Test
    void doesNotTakeAWorkerThatStaysUpForTheProofOfThoseThatFail() throws Exception {
        try (DirectStand stand = new DirectStand(folder, Settings.USUAL.always(2))) {
            DirectStand.await(() -> assertEquals(2, stand.logged("start")));
            stand.awaitQuiet(Duration.ofMillis(1500));
            stayBroken(true);
            EndTest.signal("KILL", stand.alive().iterator().next());

            DirectStand.await(
                    () -> assertEquals(GroupView.Health.EMERGENCY, stand.view().health()));
            assertEquals(List.of(), stand.infos);
            assertEquals(3, stand.warnings.size(), () -> stand.warnings.toString());

            stayBroken(false);
            DirectStand.await(
                    () -> assertEquals(GroupView.Health.WELL, stand.view().health()));
            assertEquals(List.of("/direct.py: its workers stay up again"), stand.infos);
        }
    }

    @Test
    void leavesAnApplicationAloneThatKeepsFailingAndSaysSoOnceInEachEpisode() throws Exception {
        Settings settings = Settings.USUAL.always(3);
        stayBroken(true);
        try (DirectStand stand = new DirectStand(folder, settings)) {
            DirectStand.await(
                    () -> assertEquals(GroupView.Health.EMERGENCY, stand.view().health()));
            assertEquals(2, stand.warnings.size(), () -> stand.warnings.toString());
            assertTrue(stand.warnings.get(0).endsWith(" exit status 3"), stand.warnings.get(0));
            assertTrue(
                    stand.warnings.get(1).startsWith("/direct.py: emergency: 5 workers in a row have ended at once"),
                    stand.warnings.get(1));
            // What befalls three that were started side by side is one failure.
            assertTrue(stand.logged("start") >= 10, () -> "failures of one time are counted one by one");

            stayBroken(false);
            DirectStand.await(
                    () -> assertEquals(GroupView.Health.WELL, stand.view().health()));
            assertEquals(2, stand.warnings.size(), () -> stand.warnings.toString());
            assertEquals(List.of("/direct.py: its workers stay up again"), stand.infos);
            assertEquals(3, stand.alive().size());
        }
    }

    @Test
    void leavesNothingWhenItStopsAndLetsAWorkerFinishThatIsAtARequest() throws Exception {
        try (DirectStand stand = new DirectStand(folder, Settings.USUAL.always(3))) {
            CompletableFuture<String> busy = stand.ask("work:go");
            CompletableFuture<String> waits = stand.ask("sleep:0.5");
            DirectStand.await(() -> assertEquals(2, stand.logged("accept")));
            stand.onLoop(() -> stand.workers.stop(true));

            assertFalse(answer(waits).isEmpty(), "one that waits for something");
            DirectStand.await(() -> assertEquals(1, stand.alive().size()));
            stand.make("go");
            assertFalse(answer(busy).isEmpty(), "one that works");
            stand.awaitNothingLeft();
            assertEquals(3, stand.logged("start"));
            assertEquals(List.of(), stand.warnings);
        }
    }

    @Test
    void endsThoseThatAreIdleAlsoWhereTheSocketIsNotItsOwn() throws Exception {
        try (DirectStand stand = new DirectStand(folder, Settings.USUAL.always(2))) {
            DirectStand.await(() -> assertEquals(2, stand.logged("start")));
            stand.onLoop(() -> stand.workers.stop(false));

            stand.awaitNothingLeft();
            assertEquals(2, stand.logged("start"));
        }
    }

    @Test
    void startsNobodyForThoseThatItHasTerminated() throws Exception {
        try (DirectStand stand = new DirectStand(folder, Settings.USUAL.always(2), "deaf")) {
            CompletableFuture<String> answer = stand.ask("wait:never");
            DirectStand.await(() -> assertEquals(1, stand.logged("accept")));
            DirectStand.await(() -> assertEquals(2, stand.logged("start")));
            stand.onLoop(stand.workers::terminateAll);

            assertEquals("", answer(answer));
            stand.awaitNothingLeft();
            CompletableFuture<String> late = stand.ask("hello");
            stand.awaitQuiet(Duration.ofMillis(500));
            assertFalse(late.isDone(), "one that comes too late");
            assertEquals(2, stand.logged("start"));
        }
    }

    @Test
    void startsNobodyForThoseThatItHasKilled() throws Exception {
        try (DirectStand stand = new DirectStand(folder, Settings.USUAL.always(2))) {
            CompletableFuture<String> answer = stand.ask("wait:never");
            DirectStand.await(() -> assertEquals(1, stand.logged("accept")));
            DirectStand.await(() -> assertEquals(2, stand.logged("start")));
            stand.onLoop(stand.workers::killAll);

            assertEquals("", answer(answer));
            stand.awaitNothingLeft();
            CompletableFuture<String> late = stand.ask("hello");
            stand.awaitQuiet(Duration.ofMillis(500));
            assertFalse(late.isDone(), "one that comes too late");
            assertEquals(2, stand.logged("start"));
        }
    }

    @Test
    void replacesAWorkerThatHasLivedLongEnough() throws Exception {
        Settings settings = Settings.USUAL.always(1).recycle(new RecyclePolicy(0, Settings.seconds(1), 0));
        try (DirectStand stand = new DirectStand(folder, settings)) {
            String first = answer(stand.ask("hello"));
            DirectStand.await(() -> assertFalse(stand.alive().contains(Integer.valueOf(first))));

            assertFalse(answer(stand.ask("hello")).equals(first));
            assertTrue(stand.infos.get(0).contains("worker " + first + " of /direct.py is replaced: "));
            assertEquals(List.of(), stand.warnings);
        }
    }

    @Test
    void replacesAWorkerAlsoWhereRequestsComeWithoutAPauseAndLosesNone() throws Exception {
        Settings settings = Settings.USUAL.always(1).recycle(new RecyclePolicy(0, Settings.millis(300), 0));
        try (DirectStand stand = new DirectStand(folder, settings)) {
            for (int i = 0; stand.logged("start") < 6; i++) {
                assertTrue(i < 5_000, "it has not been replaced in so many requests");
                assertFalse(answer(stand.ask("sleep:0.002")).isEmpty(), "request " + i);
            }
            assertEquals(List.of(), stand.warnings);
        }
    }

    @Test
    void letsWorkersGoBetweenTwoRequestsWhereOthersHaveTheSocketToo() throws Exception {
        try (DirectStand stand = new DirectStand(folder, Settings.USUAL.always(2))) {
            DirectStand.await(() -> assertEquals(2, stand.logged("start")));
            stand.onLoop(() -> stand.workers.stop(false));
            int answered = 0;
            while (!stand.alive().isEmpty()) {
                CompletableFuture<String> asked = stand.ask("sleep:0.01");
                DirectStand.await(
                        () -> assertTrue(asked.isDone() || stand.alive().isEmpty()));
                answered += asked.getNow("").isEmpty() ? 0 : 1;
                assertTrue(answered < 1_000, "they are still there");
            }

            assertEquals(stand.logged("accept"), answered, "what was accepted was answered");
        }
    }

    @Test
    void endsAWorkerThatDoesNotComeToAnEndInTheTimeItHas() throws Exception {
        try (DirectStand stand = new DirectStand(folder, Settings.USUAL.always(1))) {
            stand.leavingNanos = Settings.millis(400);
            CompletableFuture<String> busy = stand.ask("work:never");
            DirectStand.await(() -> assertEquals(1, stand.logged("accept")));
            stand.onLoop(() -> stand.workers.stop(false));

            stand.awaitNothingLeft();
            assertEquals("", answer(busy));
            assertEquals(List.of(), stand.warnings);
        }
    }

    private void stayBroken(boolean broken) throws Exception {
        Path file = folder.resolve("broken");
        if (broken) {
            Files.writeString(file, "");
        } else {
            Files.delete(file);
        }
    }

    private static String answer(CompletableFuture<String> answer) throws Exception {
        return answer.get(15, TimeUnit.SECONDS);
    }
}
