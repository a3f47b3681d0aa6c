package org.cgifpm.adapters.backend.warm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.cgifpm.adapters.backend.process.ProcessSurroundings;
import org.cgifpm.adapters.os.DescriptorLimit;
import org.cgifpm.adapters.os.DescriptorSender;
import org.cgifpm.adapters.os.LaunchThreads;
import org.cgifpm.adapters.os.LoopThread;
import org.cgifpm.adapters.os.Processes;
import org.cgifpm.adapters.os.Sockets;
import org.cgifpm.adapters.os.Syscalls;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The keeper's end of the socket is the test's. */
class KeeperSocketTest {
    private final Syscalls syscalls = new Syscalls();
    private final long openBefore = Processes.openHere();
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final List<String> overs = new CopyOnWriteArrayList<>();
    private final AtomicInteger writable = new AtomicInteger();
    private final DescriptorSender sender = new DescriptorSender(syscalls);

    @SuppressWarnings("NullAway.Init")
    private LoopThread running;

    @SuppressWarnings("NullAway.Init")
    private KeeperSocket socket;

    private int theirs;
    private int[] pipe = {};
    /** Closes the socket in the middle of what it is told. */
    private volatile boolean closing;

    @BeforeEach
    void open() throws Exception {
        running = new LoopThread(syscalls);
        int[] ends = new Sockets(syscalls).pair();
        theirs = ends[1];
        pipe = syscalls.pipe();
        ProcessSurroundings machine = new ProcessSurroundings(
                running.loop,
                syscalls,
                new LaunchThreads(syscalls, 1),
                new DescriptorLimit(syscalls),
                -1,
                ByteBuffer.allocateDirect(ProcessSurroundings.SCRATCH_SIZE),
                (exchange, script, line) -> {});
        running.run(() -> {
            socket = new KeeperSocket(machine, sender, ends[0], new KeeperSocket.Events() {
                @Override
                public void said(String line) {
                    said.add(line);
                    if (closing) {
                        socket.close();
                    }
                }

                @Override
                public void writable() {
                    writable.incrementAndGet();
                }

                @Override
                public void over(String why) {
                    overs.add(why);
                }
            });
            socket.watch();
        });
    }

    @AfterEach
    void close() throws Exception {
        running.run(socket::close);
        running.close();
        closeTheirs();
        syscalls.close(pipe[0]);
        closeWriter();
        assertEquals(openBefore, Processes.openHere(), "open descriptors");
    }

    private void closeTheirs() {
        if (theirs >= 0) {
            syscalls.close(theirs);
            theirs = -1;
        }
    }

    private void closeWriter() {
        if (pipe[1] >= 0) {
            syscalls.close(pipe[1]);
            pipe[1] = -1;
        }
    }

    private void write(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        while (direct.hasRemaining()) {
            assertTrue(syscalls.write(theirs, direct) > 0);
        }
    }

    private String read(int count) {
        StringBuilder text = new StringBuilder();
        ByteBuffer bytes = ByteBuffer.allocateDirect(7000);
        while (text.length() < count) {
            assertTrue(syscalls.read(theirs, bytes.clear()) > 0);
            text.append(StandardCharsets.ISO_8859_1.decode(bytes.flip()));
        }
        return text.toString();
    }

    @Test
    void hearsLinesHoweverTheyAreCut() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            lines.add("x\u00ff ".repeat(random.nextInt(60)) + i);
        }
        String all = String.join("\n", lines) + "\n";
        for (int at = 0; at < all.length(); ) {
            int end = Math.min(all.length(), at + 1 + random.nextInt(90));
            write(all.substring(at, end));
            at = end;
        }

        WarmStand.await(() -> assertEquals(lines, said, "seed " + seed));
        assertEquals(List.of(), overs);
    }

    @Test
    void waitsForTheEndOfALine() throws Exception {
        write("rea");
        running.run(() -> {});
        assertEquals(List.of(), said);
        write("dy\n\nx\n");

        WarmStand.await(() -> assertEquals(List.of("ready", "", "x"), said));
    }

    @Test
    void hearsALineAsLongAsTheyMayBeAndNoLongerOne() throws Exception {
        String longest = "x".repeat(64 * 1024);
        write(longest + "\n");
        WarmStand.await(() -> assertEquals(List.of(longest), said));

        write(longest + "x");
        WarmStand.await(() -> assertEquals(List.of("says a line of more than 65536 bytes"), overs));
        assertEquals(1, said.size());
    }

    @Test
    void tellsOnceThatTheOtherEndIsClosedAndOfAllThatWasSaidBefore() throws Exception {
        write("one\ntwo\nhalf");
        closeTheirs();

        WarmStand.await(() -> assertEquals(List.of("has closed its socket"), overs));
        assertEquals(List.of("one", "two"), said);
        running.run(() -> {});
        assertEquals(1, overs.size());
    }

    /** Reading alone would tell nothing, and the kernel would say for ever that there is room. */
    @Test
    void givesUpAKeeperThatListensNoMoreAndStillHearsWhatItHasSaid() throws Exception {
        Processes.listensNoMore(syscalls, theirs);
        write("one\n");

        running.run(() -> {
            socket.tell(message("kill"));
            assertFalse(socket.send(message("abc"), pipe[1]));
        });

        WarmStand.await(() -> assertEquals(1, overs.size()));
        assertTrue(overs.get(0).startsWith("listens no more: EPIPE"), overs::toString);
        assertEquals(List.of("one"), said);
        assertEquals(0, writable.get());
    }

    @Test
    void givesUpAKeeperThatListensNoMoreWhenARequestIsToBeSent() throws Exception {
        Processes.listensNoMore(syscalls, theirs);

        running.run(() -> assertFalse(socket.send(message("abc"), pipe[1])));

        WarmStand.await(() -> assertEquals(1, overs.size()));
        assertEquals(0, writable.get());
    }

    @Test
    void hearsNothingMoreOnceItIsClosed() throws Exception {
        closing = true;
        write("one\ntwo\n");

        WarmStand.await(() -> assertEquals(List.of("one"), said));
        running.run(() -> {});
        assertEquals(List.of("one"), said);
        assertEquals(List.of(), overs);
        running.run(() -> {
            assertFalse(socket.send(message("abc"), pipe[1]));
            socket.tell(message("abc"));
        });
    }

    @Test
    void keepsNoDescriptorThatIsPushedAtIt() throws Exception {
        assertEquals(4, sender.send(theirs, message("one\n"), pipe[1], pipe[1]));
        WarmStand.await(() -> assertEquals(List.of("one"), said));
        closeWriter();

        ByteBuffer bytes = ByteBuffer.allocateDirect(1);
        assertEquals(0, syscalls.read(pipe[0], bytes), "somebody still has the other end");
    }

    @Test
    void goesOnWithAMessageWhereASlowKeeperHasCutIt() throws Exception {
        String run = "run ".repeat(250_000);
        running.run(() -> {
            assertTrue(socket.send(message(run), pipe[1]));
            assertFalse(socket.send(message("next"), pipe[1]), "in the middle of another");
            socket.tell(message("kill1"));
            socket.tell(message("kill2"));
            assertFalse(socket.send(message("next"), pipe[1]));
        });
        assertEquals(0, writable.get());

        assertEquals(run + "kill1kill2", read(run.length() + 10));
        WarmStand.await(() -> assertTrue(writable.get() > 0));
        running.run(() -> assertTrue(socket.send(message("next"), pipe[1])));
        assertEquals("next", read(4));
    }

    @Test
    void saysWhenThereIsRoomAgain() throws Exception {
        AtomicInteger sent = new AtomicInteger();
        running.run(() -> {
            ByteBuffer message = message("x".repeat(1000));
            while (socket.send(message, pipe[1])) {
                sent.incrementAndGet();
            }
        });
        assertEquals(0, writable.get());

        // What was begun is ended before the next is.
        read(sent.get() * 1000);

        WarmStand.await(() -> assertTrue(writable.get() > 0));
        running.run(() -> assertTrue(socket.send(message("y"), pipe[1])));
        assertEquals("y", read(1));
    }

    @Test
    void leavesAMessageAsItWas() throws Exception {
        ByteBuffer message = message("abc");
        running.run(() -> assertTrue(socket.send(message, pipe[1])));

        assertEquals(3, Objects.requireNonNull(message).remaining());
        assertEquals("abc", read(3));
    }

    @Test
    void sendsNothingToOneThatIsGoneAndHearsOfItsEnd() throws Exception {
        closeTheirs();
        running.run(() -> {
            assertFalse(socket.send(message("abc"), pipe[1]));
            socket.tell(message("abc"));
        });

        WarmStand.await(() -> assertEquals(1, overs.size()));
    }

    private static ByteBuffer message(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
