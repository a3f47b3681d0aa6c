package org.cgifpm.daemon.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WorkerLogTest {
    private final List<String> told = new ArrayList<>();
    private final Logger logger = Logger.getLogger(WorkerLog.class.getName());
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            told.add(line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private long now = Long.MAX_VALUE - 5;

    @BeforeEach
    void listen() {
        logger.setUseParentHandlers(false);
        logger.addHandler(handler);
    }

    @AfterEach
    void leave() {
        logger.removeHandler(handler);
        logger.setUseParentHandlers(true);
    }

    @Test
    void tellsAFloodOfDeathsOnceASecondAndHowMuchItLeftOut() {
        WorkerLog log = new WorkerLog("web", () -> now);
        for (int i = 0; i < 1000; i++) {
            log.warning("worker " + i + " was killed");
        }
        assertEquals(60, told.size());

        now += 2_500_000_000L;
        log.warning("the next");
        log.warning("and one");
        log.warning("too many");

        assertEquals(62, told.size());
        assertTrue(
                told.get(60).endsWith("the next (940 lines about this pool's workers were left out before)"),
                told.get(60));
        assertTrue(told.get(61).endsWith("and one"), told.get(61));
    }
}
