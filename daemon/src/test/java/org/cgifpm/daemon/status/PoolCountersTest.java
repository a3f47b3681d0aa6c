package org.cgifpm.daemon.status;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cgifpm.adapters.Confinement.Identity;
import org.cgifpm.adapters.Ending;
import org.cgifpm.adapters.Outcome;
import org.cgifpm.adapters.RunningRequest;
import org.cgifpm.adapters.os.ExitStatus;
import org.cgifpm.daemon.status.page.PageExchange;
import org.cgifpm.daemon.supervisor.Visit;
import org.junit.jupiter.api.Test;

class PoolCountersTest {
    private final PoolCounters counters = new PoolCounters();

    @Test
    void countsByEndingStatusAndUser() {
        counters.finished(visit(Optional.of("anna"), Ending.DONE, 200));
        counters.finished(visit(Optional.of("anna"), Ending.TIMEOUT, 504));
        counters.finished(visit(Optional.empty(), Ending.DONE, 404));

        PoolCounters.Values values = counters.values();
        assertEquals(3, values.requests());
        assertEquals(2L, values.endings().get(Ending.DONE));
        assertEquals(List.of(0L, 0L, 1L, 0L, 1L, 1L), values.classes());
        assertEquals(9_000, values.cpuMicros());
        assertEquals(
                Map.of(
                        "anna", new PoolCounters.User(Map.of(Ending.DONE, 1L, Ending.TIMEOUT, 1L), 6_000),
                        "(daemon)", new PoolCounters.User(Map.of(Ending.DONE, 1L), 3_000)),
                values.users());
        assertEquals(3, values.durations().count());
    }

    @Test
    void countsUsersByNameUpToABoundAndTheRestTogether() {
        for (int i = 0; i < 4100; i++) {
            counters.finished(visit(Optional.of("u" + i), Ending.DONE, 200));
        }
        counters.finished(visit(Optional.of("u0"), Ending.DONE, 200));

        Map<String, PoolCounters.User> users = counters.values().users();
        assertEquals(4097, users.size());
        assertEquals(
                new PoolCounters.User(Map.of(Ending.DONE, 4L), 12_000),
                users.get("(others)"),
                () -> users.keySet() + "");
        assertEquals(new PoolCounters.User(Map.of(Ending.DONE, 2L), 6_000), users.get("u0"));
    }

    private static Visit visit(Optional<String> user, Ending ending, int status) {
        RunningRequest running =
                new RunningRequest(1, 7, "/a", user.map(name -> new Identity(name, 1001, 1001, List.of())), 10);
        Outcome outcome = new Outcome(status, "/a", null, true, new ExitStatus(0, 0, 1_000, 2_000), "", -1, 0);
        return new Visit(new PageExchange("GET", "/a", ""), 0, 5, 20, 30, running, ending, outcome);
    }
}
