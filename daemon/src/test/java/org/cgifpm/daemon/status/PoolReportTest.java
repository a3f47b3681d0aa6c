package org.cgifpm.daemon.status;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.cgifpm.adapters.backend.warm.KeeperView;
import org.cgifpm.adapters.backend.worker.GroupView;
import org.cgifpm.daemon.config.Mode;
import org.cgifpm.daemon.config.PoolSettings;
import org.junit.jupiter.api.Test;

class PoolReportTest {
    private static final GroupView WORKERS = new GroupView("shop.fcgi", 1001, 1, 2, 1, 2, GroupView.Health.WELL, "");

    @Test
    void countsNoProcessForARequestThatWaitsForAWorker() {
        PoolReport report = report(Mode.AUTO, keeper(812), keeper(-1));

        assertEquals(3, report.busyProcesses());
        assertEquals(3 + 2 + 1 + 1, report.processes());
    }

    @Test
    void countsAWorkerOnceHoweverManyRequestsItHas() {
        PoolReport report = report(Mode.WORKER);

        assertEquals(1, report.busyProcesses());
        assertEquals(1 + 2 + 1, report.processes());
    }

    private static KeeperView keeper(int pid) {
        return new KeeperView("/usr/bin/python3", 1001, pid, "3.11.2", 0, 0, 0, "", "");
    }

    /** Five requests have their place. */
    private static PoolReport report(Mode mode, KeeperView... keepers) {
        PoolReport some = Reports.pool("main", PoolState.UP);
        PoolSettings usual = some.settings();
        PoolSettings settings = new PoolSettings(
                usual.name(),
                usual.listen(),
                usual.root(),
                mode,
                usual.identity(),
                usual.limits(),
                usual.scripts(),
                usual.admission(),
                usual.timeouts(),
                usual.onAbort(),
                usual.background(),
                usual.requestBodyMax(),
                usual.environment(),
                usual.logs(),
                usual.pages(),
                usual.workers(),
                usual.python());
        return new PoolReport(
                settings,
                some.state(),
                some.sinceMillis(),
                some.accepted(),
                some.connections(),
                5,
                some.waiting(),
                some.peaks(),
                some.slow(),
                some.counters(),
                List.of(WORKERS),
                List.of(keepers));
    }
}
