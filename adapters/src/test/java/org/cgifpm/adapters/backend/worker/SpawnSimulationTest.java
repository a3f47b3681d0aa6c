package org.cgifpm.adapters.backend.worker;

import static org.cgifpm.adapters.backend.worker.SimulatedGroup.MILLIS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The policies under load. What holds for each single decision is checked by {@link SimulatedGroup}. */
@Timeout(120)
class SpawnSimulationTest {
    private static final long SECOND = 1000 * MILLIS;
    private static final int ROUNDS = 40;

    /** More than any group of these rounds needs to come to rest. */
    private static final long REST = 200 * SECOND;

    @Test
    void anyLoadIsServedAndAnyGroupComesToRest() {
        long seed = System.nanoTime();
        System.out.println("anyLoadIsServedAndAnyGroupComesToRest: seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            SpawnPolicy policy = anyPolicy(random);
            SimulatedGroup group = new SimulatedGroup(
                    policy, Long.MAX_VALUE - random.nextInt(100) * SECOND, () -> random.nextInt(1, 400) * MILLIS);
            int requests = load(group, random);
            group.pass(REST);

            assertEquals(requests, group.served(), () -> policy + " left requests");
            isAtRest(policy, group);
        }
    }

    @Test
    void dynamicFollowsASteppedLoadUpAtOnceAndDownByOneASecond() {
        SimulatedGroup group = new SimulatedGroup(new Dynamic(60, 3, 2, 5, 32), 0, () -> 50 * MILLIS);
        group.pass(10 * SECOND);
        assertEquals(3, group.alive());

        Clients clients = new Clients(group, 50);
        group.pass(150 * MILLIS);
        assertEquals(50, group.census().busy());
        group.pass(3 * SECOND);
        assertEquals(52, group.alive(), "50 busy and min_spare_servers");
        assertFalse(group.wantsToLookAgain());

        clients.leave();
        group.pass(1100 * MILLIS);
        int before = group.alive();
        group.pass(10 * SECOND);
        assertEquals(before - 10, group.alive());
        group.pass(40 * SECOND);
        assertEquals(5, group.alive(), "max_spare_servers are left");
        isAtRest(new Dynamic(60, 3, 2, 5, 32), group);
    }

    @Test
    void onDemandFollowsASteppedLoadAndLeavesNobody() {
        SpawnPolicy policy = new OnDemand(60, 32, 10 * SECOND);
        SimulatedGroup group = new SimulatedGroup(policy, 0, () -> 50 * MILLIS);
        Clients clients = new Clients(group, 50);
        group.pass(150 * MILLIS);
        assertEquals(50, group.census().busy());
        group.pass(30 * SECOND);
        assertEquals(50, group.alive());

        clients.leave();
        group.pass(9900 * MILLIS);
        assertEquals(50, group.alive());
        group.pass(SECOND);
        isAtRest(policy, group);
    }

    @Test
    void whoDiesUnderLoadIsReplacedAtOnce() {
        Random random = new Random(1);
        for (SpawnPolicy policy : new SpawnPolicy[] {
            new Static(40), new Dynamic(60, 3, 2, 5, 32), new OnDemand(60, 32, 10 * SECOND),
        }) {
            SimulatedGroup group = new SimulatedGroup(policy, 0, () -> 50 * MILLIS);
            new Clients(group, 40);
            group.pass(10 * SECOND);
            int size = group.alive();
            for (int i = 0; i < 10; i++) {
                group.kill(random);
            }
            group.pass(200 * MILLIS);

            assertTrue(group.alive() >= Math.min(size, 40), () -> policy + " has " + group.census());
        }
    }

    @Test
    void aDipBetweenTwoBeatsStartsNobody() {
        SimulatedGroup group = new SimulatedGroup(new Dynamic(60, 3, 2, 5, 32), 0, () -> 50 * MILLIS);
        // At each beat all are idle, between two of them all are busy for a moment.
        for (int second = 0; second < 30; second++) {
            group.after(second * SECOND + 400 * MILLIS, () -> {
                for (int i = 0; i < 3; i++) {
                    group.request(100 * MILLIS, () -> {});
                }
            });
        }
        group.pass(40 * SECOND);

        assertEquals(3, group.alive());
    }

    private static SpawnPolicy anyPolicy(Random random) {
        int max = random.nextInt(1, 60);
        int minSpare = random.nextInt(1, max + 1);
        int maxSpare = random.nextInt(minSpare, max + 1);
        int rate = random.nextInt(1, 33);
        return switch (random.nextInt(3)) {
            case 0 -> new Static(max);
            case 1 -> new OnDemand(max, rate, random.nextInt(1, 20) * SECOND);
            default -> new Dynamic(max, random.nextInt(0, max + 1), minSpare, maxSpare, rate);
        };
    }

    /** A minute of requests in bursts and lulls, with deaths and with looks that nothing asked for. */
    private static int load(SimulatedGroup group, Random random) {
        int requests = 0;
        for (int phase = 0; phase < 12; phase++) {
            int each = random.nextInt(3) == 0 ? 0 : random.nextInt(1, 120);
            for (int i = 0; i < each; i++) {
                long service = random.nextInt(1, 300) * MILLIS;
                group.after(random.nextLong(5 * SECOND), () -> group.request(service, () -> {}));
                requests++;
            }
            for (int i = random.nextInt(6); i > 0; i--) {
                group.after(random.nextLong(5 * SECOND), () -> group.kill(random));
                group.after(random.nextLong(5 * SECOND), group::look);
            }
            group.pass(5 * SECOND);
        }
        return requests;
    }

    private static void isAtRest(SpawnPolicy policy, SimulatedGroup group) {
        String what = policy + " came to " + group.census();
        assertEquals(group.alive(), group.census().idle(), what);
        if (policy instanceof Static all) {
            assertEquals(all.maxChildren(), group.alive(), what);
        } else if (policy instanceof Dynamic dynamic) {
            assertTrue(group.alive() >= dynamic.minSpare() && group.alive() <= dynamic.maxSpare(), what);
        } else {
            assertEquals(0, group.alive(), what);
        }
        assertFalse(group.wantsToLookAgain(), what);
        int looks = group.looks();
        group.pass(24 * 3600 * SECOND);
        assertEquals(looks, group.looks(), () -> policy + " woke up for nothing");
    }

    /** So many that each send the next request when they have their answer. */
    private static final class Clients {
        /** No divisor of a second, or all would be between two requests at each beat. */
        private static final long SERVICE = 73 * MILLIS + 1;

        private final SimulatedGroup group;
        private boolean gone;

        Clients(SimulatedGroup group, int many) {
            this.group = group;
            for (int i = 0; i < many; i++) {
                next();
            }
        }

        private void next() {
            if (!gone) {
                group.request(SERVICE, this::next);
            }
        }

        void leave() {
            gone = true;
        }
    }
}
