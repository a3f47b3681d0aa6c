package org.cgifpm.daemon.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class LogWriterTest {
    /** A terminal that somebody stopped, until it is let go on. */
    private static final class StoppedOutput extends OutputStream {
        final CountDownLatch goOn = new CountDownLatch(1);
        private final ByteArrayOutputStream written = new ByteArrayOutputStream();

        @Override
        public void write(int octet) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            synchronized (written) {
                written.write(bytes, from, count);
            }
        }

        String text() {
            synchronized (written) {
                return written.toString(StandardCharsets.UTF_8);
            }
        }
    }

    @Test
    void writesLinesInTheirOrder() throws Exception {
        StoppedOutput out = new StoppedOutput();
        out.goOn.countDown();
        LogWriter writer = new LogWriter(out);
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            writer.add(i + " ü\n");
            expected.append(i).append(" ü\n");
        }
        writer.flush(10_000);
        assertEquals(expected.toString(), out.text());
        assertEquals(0, writer.dropped());
    }

    @Test
    void neverBlocksAndSaysLaterHowMuchWasDropped() throws Exception {
        StoppedOutput out = new StoppedOutput();
        LogWriter writer = new LogWriter(out);
        int added = 100_000;
        for (int i = 0; i < added; i++) {
            writer.add("line\n");
        }
        long dropped = writer.dropped();
        assertTrue(dropped > 0 && dropped < added, dropped + " dropped");
        out.goOn.countDown();
        writer.flush(10_000);
        String text = out.text();
        assertEquals(
                added - dropped,
                text.lines().filter(line -> line.equals("line")).count());
        assertEquals(dropped, text.lines().mapToLong(LogWriterTest::toldDropped).sum());
    }

    /** Whatever one line comes to grief on, those after it are written. */
    @ParameterizedTest
    @ValueSource(classes = {OutOfMemoryError.class, IllegalStateException.class})
    void goesOnAfterALineThatCouldNotBeWritten(Class<? extends Throwable> fault) throws Exception {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        AtomicBoolean first = new AtomicBoolean(true);
        LogWriter writer = new LogWriter(new OutputStream() {
            @Override
            public void write(int octet) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void write(byte[] bytes, int from, int count) {
                if (first.getAndSet(false)) {
                    throwIt(fault);
                }
                written.write(bytes, from, count);
            }
        });
        writer.add("lost\n");
        writer.flush(10_000);

        writer.add("kept\n");
        writer.flush(10_000);
        assertEquals("kept\n", written.toString(StandardCharsets.UTF_8));
    }

    private static void throwIt(Class<? extends Throwable> fault) {
        if (fault == OutOfMemoryError.class) {
            throw new OutOfMemoryError("not really");
        }
        throw new IllegalStateException();
    }

    private static long toldDropped(String line) {
        Matcher told = Pattern.compile("(\\d+) log lines were dropped").matcher(line);
        return told.find() ? Long.parseLong(told.group(1)) : 0;
    }

    @Test
    void flushWaitsNoLongerThanItIsTold() throws Exception {
        StoppedOutput out = new StoppedOutput();
        LogWriter writer = new LogWriter(out);
        writer.add("stuck\n");
        long before = System.nanoTime();
        writer.flush(50);
        assertTrue(Duration.ofNanos(System.nanoTime() - before).toMillis() >= 50);
        out.goOn.countDown();
        writer.flush(10_000);
        assertEquals("stuck\n", out.text());
    }

    @Test
    void goesOnAfterAnErrorAndCountsWhatItCouldNotWrite() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch fail = new CountDownLatch(1);
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        LogWriter writer = new LogWriter(new OutputStream() {
            private int calls;

            @Override
            public void write(int octet) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void write(byte[] bytes, int from, int count) throws IOException {
                calls++;
                if (calls <= 2) {
                    begun.countDown();
                    try {
                        fail.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    throw new IOException("no space left");
                }
                written.write(bytes, from, count);
            }
        });
        writer.add("first\n");
        begun.await();
        for (int i = 0; i < 100; i++) {
            writer.add("lost\n"); // all in one batch, behind the first
        }
        fail.countDown();
        long before = System.nanoTime();
        writer.flush(10_000);
        assertTrue(Duration.ofNanos(System.nanoTime() - before).toMillis() < 5_000, "waited for lines that are lost");
        writer.add("last\n");
        writer.flush(10_000);
        assertEquals("last\n", written.toString(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsLoggedGoesThroughItWithLevelAndThrown() throws Exception {
        StoppedOutput out = new StoppedOutput();
        out.goOn.countDown();
        LogWriter writer = new LogWriter(out);
        Logger logger = Logger.getLogger("org.cgifpm.test");
        Logging.start(writer, Level.INFO);
        logger.fine("not asked for");
        logger.info("for information");
        logger.log(Level.SEVERE, "broken", new IllegalStateException("why\nforged"));
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> out.text().contains("broken"));
        writer.flush(10_000);
        String text = out.text();
        assertEquals(2, text.lines().count(), text);
        assertTrue(text.lines().toList().get(0).endsWith("for information"), text);
        assertTrue(text.contains("IllegalStateException: why\\nforged"), text);
    }
}
