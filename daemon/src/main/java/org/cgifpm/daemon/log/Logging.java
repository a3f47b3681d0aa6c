package org.cgifpm.daemon.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Sends everything that is logged by way of slf4j and java.util.logging to one {@link LogWriter}. */
public final class Logging {
    private Logging() {}

    /**
     * Takes over the process's logging.
     *
     * @param level what is at least written
     */
    public static void start(LogWriter writer, Level level) {
        current = writer;
        LogManager.getLogManager().reset();
        Logger root = Logger.getLogger("");
        root.setLevel(Level.INFO);
        root.addHandler(new WriterHandler(writer));
        // A library's debugging is its own affair.
        OURS.setLevel(level);
    }

    /** What is at least written from now on. Any thread. */
    public static void level(Level level) {
        OURS.setLevel(level);
    }

    /** After log files were renamed. Any thread. */
    static void reopen() {
        LogWriter writer = current;
        if (writer != null) {
            writer.reopen();
        }
    }

    private static volatile @Nullable LogWriter current;

    /** Held here, because java.util.logging forgets a logger that nobody holds, and its level with it. */
    private static final Logger OURS = Logger.getLogger("org.cgifpm");

    private static final class WriterHandler extends Handler {
        private final LogWriter writer;

        WriterHandler(LogWriter writer) {
            this.writer = writer;
        }

        @Override
        public void publish(LogRecord entry) {
            String message = entry.getMessage();
            Throwable thrown = entry.getThrown();
            if (thrown != null) {
                StringWriter trace = new StringWriter();
                thrown.printStackTrace(new PrintWriter(trace));
                message = message + ": " + LogText.ofBytes(trace.toString());
            }
            writer.add(LogLine.of(writer.form(), priority(entry.getLevel()), message));
        }

        private static int priority(Level level) {
            int value = level.intValue();
            return value >= Level.SEVERE.intValue()
                    ? LogLine.ERROR
                    : value >= Level.WARNING.intValue()
                            ? LogLine.WARNING
                            : value >= Level.INFO.intValue() ? LogLine.INFO : LogLine.DEBUG;
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
