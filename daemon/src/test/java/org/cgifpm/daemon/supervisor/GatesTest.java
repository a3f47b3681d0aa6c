package org.cgifpm.daemon.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.cgifpm.daemon.supervisor.PoolGate.Entry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** PoolGate and DaemonGate together: they are one decision. */
class GatesTest {
    private static final int ANNA = 1001;
    private static final int BERT = 1002;

    private final List<String> admitted = new ArrayList<>();

    /** A pool whose requests have names. */
    private final class Pool {
        final PoolGate gate;
        final Map<String, Visitor> visitors = new HashMap<>();

        Pool(DaemonGate daemon, int maxChildren, int queueLength, int perUser, int perScript) {
            gate = new PoolGate(daemon, Visitor.limits(maxChildren, queueLength, perUser, perScript));
        }

        Entry enter(String name) {
            return enter(name, ANNA, 1);
        }

        Entry enter(String name, int uid, long script) {
            Visitor visitor = new Visitor(name, Visitor.claim(uid, script), in -> admitted.add(in.name()));
            visitors.put(name, visitor);
            return gate.enter(visitor);
        }

        private Visitor known(String name) {
            return Objects.requireNonNull(visitors.get(name));
        }

        void leave(String name) {
            gate.leave(known(name));
        }

        void release(String name) {
            gate.release(known(name));
        }
    }

    private Pool pool(DaemonGate daemon, int maxChildren, int queueLength) {
        return new Pool(daemon, maxChildren, queueLength, 0, 0);
    }

    @Test
    void letsInUpToMaxChildrenThenQueuesThenRefuses() {
        Pool pool = pool(new DaemonGate(100), 2, 1);
        assertEquals(Entry.ADMITTED, pool.enter("a"));
        assertEquals(Entry.ADMITTED, pool.enter("b"));
        assertEquals(Entry.QUEUED, pool.enter("c"));
        assertEquals(Entry.FULL, pool.enter("d"));
        assertEquals(List.of("a", "b"), admitted);
        pool.release("a");
        assertEquals(List.of("a", "b", "c"), admitted);
        assertEquals(2, pool.gate.busy());
        assertEquals(0, pool.gate.waiting());
    }

    @Test
    void withoutAQueueNobodyWaits() {
        Pool pool = pool(new DaemonGate(100), 1, 0);
        assertEquals(Entry.ADMITTED, pool.enter("a"));
        assertEquals(Entry.FULL, pool.enter("b"));
    }

    @Test
    void whoLeavesTheQueueMakesRoomInItAtOnce() {
        Pool pool = pool(new DaemonGate(100), 1, 2);
        pool.enter("a");
        pool.enter("impatient");
        pool.enter("b");
        assertEquals(Entry.FULL, pool.enter("c"));
        pool.leave("impatient");
        assertEquals(Entry.QUEUED, pool.enter("d"));
        pool.release("a");
        pool.release("b");
        assertEquals(List.of("a", "b", "d"), admitted);
    }

    @Test
    void poolsTakeTurnsWhereTheDaemonsCapBinds() {
        DaemonGate daemon = new DaemonGate(1);
        Pool first = pool(daemon, 5, 5);
        Pool second = pool(daemon, 5, 5);
        first.enter("a1");
        first.enter("a2");
        first.enter("a3");
        second.enter("b1");
        second.enter("b2");
        first.release("a1");
        first.release("a2");
        second.release("b1");
        first.release("a3");
        assertEquals(List.of("a1", "a2", "b1", "a3", "b2"), admitted);
    }

    @Test
    void aPoolThatIsFullItselfHoldsUpNoOther() {
        DaemonGate daemon = new DaemonGate(2);
        Pool full = pool(daemon, 1, 5);
        Pool other = pool(daemon, 5, 5);
        full.enter("full1");
        full.enter("full2");
        other.enter("other1");
        other.enter("other2");
        assertEquals(List.of("full1", "other1"), admitted);
        other.release("other1");
        assertEquals(List.of("full1", "other1", "other2"), admitted);
    }

    @Test
    void aPoolWhoseLastWaiterLeftTakesNoPlace() {
        DaemonGate daemon = new DaemonGate(1);
        Pool first = pool(daemon, 5, 5);
        Pool second = pool(daemon, 5, 5);
        first.enter("a");
        first.enter("gone");
        second.enter("b");
        first.leave("gone");
        first.release("a");
        assertEquals(List.of("a", "b"), admitted);
        assertEquals(1, daemon.busy());
    }

    @Test
    void aPlaceGivenBackWhileItIsGivenOutIsGivenOutAgain() {
        DaemonGate daemon = new DaemonGate(1);
        Pool pool = pool(daemon, 1, 5);
        pool.enter("a");
        pool.gate.enter(new Visitor("at once over", Visitor.claim(ANNA, 1), visitor -> {
            admitted.add(visitor.name());
            pool.gate.release(visitor);
        }));
        pool.enter("b");
        pool.release("a");
        assertEquals(List.of("a", "at once over", "b"), admitted);
        assertEquals(1, daemon.busy());
        assertEquals(1, pool.gate.busy());
        assertEquals(1, daemon.busyOf(ANNA));
    }

    @Test
    void whoComesWhileAPlaceIsBeingGivenOutDoesNotOvertakeThoseWhoWait() {
        Pool pool = pool(new DaemonGate(100), 1, 5);
        pool.enter("a");
        pool.gate.enter(new Visitor("at once over", Visitor.claim(ANNA, 1), visitor -> {
            pool.gate.release(visitor);
            pool.enter("newcomer");
        }));
        pool.enter("b");
        pool.release("a");
        assertEquals(List.of("a", "b"), admitted);
        pool.release("b");
        assertEquals(List.of("a", "b", "newcomer"), admitted);
    }

    /** One busy pool must not keep another out for longer than it takes to go round once. */
    @Test
    void nobodyStarvesBesideAPoolThatIsAlwaysBusy() {
        DaemonGate daemon = new DaemonGate(2);
        Pool busy = pool(daemon, 10, 1000);
        Pool rare = pool(daemon, 10, 10);
        for (int i = 0; i < 100; i++) {
            busy.enter("busy" + i);
        }
        rare.enter("rare");
        busy.release("busy0");
        busy.release("busy1");
        assertTrue(admitted.contains("rare"), admitted + " after two places became free");
    }

    /** max_children = 4, queue_length = 1, nothing at work but what is said. */
    @ParameterizedTest(name = "per user {0}, per script {1}; at work: {2} of the user, {3} of the script: {4}")
    @CsvSource({
        "0, 0, 3, 3, ADMITTED",
        "1, 0, 0, 0, ADMITTED",
        "1, 0, 1, 0, QUEUED",
        "2, 0, 1, 0, ADMITTED",
        "2, 0, 2, 0, QUEUED",
        "0, 1, 3, 0, ADMITTED",
        "0, 1, 1, 1, QUEUED",
        "0, 2, 1, 1, ADMITTED",
        "0, 2, 2, 2, QUEUED",
        "3, 1, 2, 1, QUEUED",
        "3, 2, 3, 1, QUEUED",
        "3, 2, 2, 1, ADMITTED",
    })
    void aRequestComesInIfItsUserAndItsScriptHaveAPlace(
            int perUser, int perScript, int ofUser, int ofScript, Entry expected) {
        DaemonGate daemon = new DaemonGate(100);
        Pool pool = new Pool(daemon, 4, 1, perUser, perScript);
        for (int i = 0; i < ofUser; i++) {
            assertEquals(Entry.ADMITTED, pool.enter("at work " + i, ANNA, i < ofScript ? 1 : 100 + i));
        }
        assertEquals(expected, pool.enter("newcomer", ANNA, 1));
    }

    @Test
    void whoseUserIsAtItsCapIsPassedOverAndKeepsItsPlaceInTheQueue() {
        Pool pool = new Pool(new DaemonGate(100), 2, 5, 1, 0);
        pool.enter("anna1", ANNA, 1);
        pool.enter("anna2", ANNA, 1);
        pool.enter("anna3", ANNA, 1);
        assertEquals(Entry.ADMITTED, pool.enter("bert1", BERT, 1));
        pool.enter("bert2", BERT, 1);
        assertEquals(3, pool.gate.waiting());
        pool.release("bert1");
        assertEquals(List.of("anna1", "bert1", "bert2"), admitted);
        pool.release("anna1");
        pool.release("bert2");
        assertEquals(List.of("anna1", "bert1", "bert2", "anna2"), admitted);
        pool.release("anna2");
        assertEquals(List.of("anna1", "bert1", "bert2", "anna2", "anna3"), admitted);
    }

    @Test
    void whoseScriptIsAtItsCapIsPassedOver() {
        Pool pool = new Pool(new DaemonGate(100), 4, 5, 0, 1);
        pool.enter("slow1", ANNA, 1);
        pool.enter("slow2", BERT, 1);
        assertEquals(Entry.ADMITTED, pool.enter("quick", ANNA, 2));
        pool.release("slow1");
        assertEquals(List.of("slow1", "quick", "slow2"), admitted);
    }

    @Test
    void aUsersProcessesCountOverAllPoolsAndEachPoolHasALimitOfItsOwn() {
        DaemonGate daemon = new DaemonGate(100);
        Pool without = new Pool(daemon, 10, 5, 0, 0);
        Pool two = new Pool(daemon, 10, 5, 2, 0);
        Pool three = new Pool(daemon, 10, 5, 3, 0);
        without.enter("a");
        without.enter("b");
        assertEquals(Entry.QUEUED, two.enter("of two"));
        assertEquals(Entry.ADMITTED, three.enter("of three"));
        assertEquals(Entry.ADMITTED, without.enter("c"), "a pool without a limit is bound by no other's");
        assertEquals(4, daemon.busyOf(ANNA));
        without.release("a");
        without.release("b");
        assertEquals(1, two.gate.waiting());
        three.release("of three");
        assertEquals(0, two.gate.waiting(), "let in by the end of another pool's request");
    }

    @Test
    void theSameInodeOnAnotherDeviceIsAnotherScript() {
        PoolGate gate = new PoolGate(new DaemonGate(100), Visitor.limits(4, 0, 0, 1));
        Claim here = new Claim(ANNA, new Claim.ScriptFile(1, 7));
        Claim there = new Claim(ANNA, new Claim.ScriptFile(2, 7));
        assertEquals(Entry.ADMITTED, gate.enter(new Visitor("here", here, visitor -> {})));
        assertEquals(Entry.ADMITTED, gate.enter(new Visitor("there", there, visitor -> {})));
        assertEquals(Entry.FULL, gate.enter(new Visitor("here again", here, visitor -> {})));
    }

    @Test
    void aPoolWhoseWaitersAreAllAtTheirCapsDoesNotLoseItsTurn() {
        DaemonGate daemon = new DaemonGate(2);
        Pool capped = new Pool(daemon, 5, 5, 1, 0);
        Pool other = new Pool(daemon, 5, 5, 0, 0);
        capped.enter("anna1", ANNA, 1);
        capped.enter("anna2", ANNA, 1);
        other.enter("bert1", BERT, 1);
        other.enter("bert2", BERT, 1);
        other.enter("bert3", BERT, 1);
        other.release("bert1");
        assertEquals(List.of("anna1", "bert1", "bert2"), admitted);
        capped.release("anna1");
        assertEquals(List.of("anna1", "bert1", "bert2", "anna2"), admitted);
    }

    @Test
    void saysWhichCapKeepsARequestOut() {
        Pool pool = new Pool(new DaemonGate(100), 9, 0, 2, 1);
        pool.enter("a", ANNA, 1);
        assertEquals(
                "1 at work, 0 waiting, max_children_per_script (1) reached",
                pool.gate.fullness(Visitor.claim(ANNA, 1)));
        pool.enter("b", ANNA, 2);
        assertEquals(
                "2 at work, 0 waiting, max_children_per_user (2) reached by uid 1001",
                pool.gate.fullness(Visitor.claim(ANNA, 3)));
        assertEquals("2 at work, 0 waiting", pool.gate.fullness(Visitor.claim(BERT, 3)));
    }
}
