package org.cgifpm.daemon.log;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What the daemon logs while it is open, as {@code LEVEL message}, and nowhere else. */
public final class CapturedLog implements AutoCloseable {
    private final Logger logger = Logger.getLogger("org.cgifpm");
    private final List<String> lines = new ArrayList<>();
    private final Level levelBefore = logger.getLevel();
    private final boolean parentsBefore = logger.getUseParentHandlers();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            synchronized (lines) {
                lines.add(entry.getLevel() + " " + entry.getMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    /** @param level the least that is kept */
    public CapturedLog(Level level) {
        handler.setLevel(Level.ALL);
        logger.addHandler(handler);
        logger.setLevel(level);
        logger.setUseParentHandlers(false);
    }

    public List<String> lines() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    @Override
    public void close() {
        logger.removeHandler(handler);
        logger.setLevel(levelBefore);
        logger.setUseParentHandlers(parentsBefore);
    }
}
