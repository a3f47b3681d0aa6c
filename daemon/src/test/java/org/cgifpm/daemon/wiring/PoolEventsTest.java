package org.cgifpm.daemon.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.logging.Level;
import org.cgifpm.adapters.Backend;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.LaunchThreads;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.config.ListenAddress;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.daemon.log.CapturedLog;
import org.cgifpm.daemon.supervisor.DaemonGate;
import org.cgifpm.daemon.supervisor.PoolSupervisor;
import org.junit.jupiter.api.Test;

class PoolEventsTest {
    private final Syscalls syscalls = new Syscalls();

    private PoolEvents events(EventLoop loop) throws Exception {
        Backend none = (exchange, planner, finished) -> {
            throw new AssertionError("served");
        };
        PoolSettings settings = PoolSettings.defaults("legacy", new ListenAddress.UnixPath("/run/none"), "/srv/none");
        long[] last = new long[1];
        PoolSupervisor.Surroundings around =
                new PoolSupervisor.Surroundings(loop, syscalls, new LaunchThreads(syscalls, 1), new DaemonGate(1));
        return new PoolEvents("legacy", () -> ++last[0], new PoolSupervisor(around, settings, none, "nobody"));
    }

    @Test
    void tellsOfPeersInOneLineEach() throws Exception {
        try (EventLoop loop = new EventLoop(syscalls, broken -> {});
                CapturedLog log = new CapturedLog(Level.INFO)) {
            PoolEvents events = events(loop);
            events.peerFailed("uid 33 pid 7", "record version 71, expected 1\n\u001b[2J");
            events.peerRefused("uid 1000 pid 8", "uid 1000 is not in allowed_users");
            events.acceptFailed("accept: EMFILE");
            assertEquals(
                    List.of(
                            "INFO pool legacy: connection of uid 33 pid 7 ended: record version 71, expected"
                                    + " 1\\n\\x1b[2J",
                            "WARNING pool legacy: connection of uid 1000 pid 8 refused: uid 1000 is not in"
                                    + " allowed_users",
                            "SEVERE pool legacy: accept: EMFILE"),
                    log.lines());
        }
    }

    @Test
    void numbersRequestsOneByOne() throws Exception {
        try (EventLoop loop = new EventLoop(syscalls, broken -> {})) {
            PoolEvents events = events(loop);
            assertEquals(1, events.nextId());
            assertTrue(events.nextId() == 2 && events.nextId() == 3);
        }
    }
}
