package org.cgifpm.adapters.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Over a real pair of sockets; who takes descriptors from it is a Python program. */
class DescriptorSenderTest {
    /** Takes what comes with one byte, tells how many descriptors that were, and writes into each; likewise the next. */
    private static final String RECEIVER = """
            import os, socket, struct
            s = socket.socket(fileno=os.dup(0))
            for turn in range(2):
                data, extra, flags, _ = s.recvmsg(1, socket.CMSG_SPACE(64))
                fds = [fd for _, _, raw in extra for fd in struct.unpack("%di" % (len(raw) // 4), raw)]
                print(data.decode(), len(fds), flags & socket.MSG_CTRUNC, flush=True)
                for number, fd in enumerate(fds):
                    os.write(fd, b"%d" % number)
                    os.close(fd)
            """;

    private final FailingLibc libc = new FailingLibc();
    private final Syscalls syscalls = libc.syscalls();
    private final DescriptorSender sender = new DescriptorSender(syscalls);
    private final List<Integer> open = new ArrayList<>();
    private int ours;
    private int theirs;

    @BeforeEach
    void connect() throws SyscallException {
        int[] ends = new Sockets(syscalls).pair();
        ours = ends[0];
        theirs = ends[1];
        open.addAll(List.of(ours, theirs));
    }

    @AfterEach
    void close() {
        open.forEach(syscalls::close);
    }

    private int[] pipe() throws SyscallException {
        int[] ends = syscalls.pipe();
        open.addAll(List.of(ends[0], ends[1]));
        return ends;
    }

    private void shut(int fd) {
        open.remove(Integer.valueOf(fd));
        syscalls.close(fd);
    }

    @ParameterizedTest(name = "{0} of them")
    @ValueSource(ints = {1, 4, DescriptorSender.MOST_DESCRIPTORS})
    void sendsDescriptorsWithTheFirstByte(int count) throws Exception {
        int[] readers = new int[count];
        int[] writers = new int[count];
        for (int i = 0; i < count; i++) {
            int[] ends = pipe();
            readers[i] = ends[0];
            writers[i] = ends[1];
        }
        ByteBuffer message = bytes("abc");

        assertEquals(3, sender.send(ours, message, writers));
        assertEquals(0, message.remaining());

        try (Started receiver = receiver()) {
            assertEquals("a " + count + " 0", receiver.line());
            assertEquals("b 0 0", receiver.line());
        }
        for (int i = 0; i < count; i++) {
            // They stayed open here too.
            shut(writers[i]);
            assertEquals(Integer.toString(i), readToEnd(readers[i]));
        }
    }

    /** The socket is its standard input. */
    private Started receiver() throws SyscallException {
        return Started.withInput(syscalls, theirs, "/usr/bin/python3", "-c", RECEIVER);
    }

    @Test
    void saysThatThereIsNoRoomAndSendsNothingThen() throws Exception {
        int[] ends = pipe();
        long sent = 0;
        ByteBuffer message = bytes("x".repeat(5000));
        int count;
        while ((count = sender.send(ours, message, ends[1])) >= 0) {
            sent += count;
            message.clear();
        }

        assertEquals(-Errno.EAGAIN, count);
        assertEquals(0, message.position());
        shut(ours);
        assertEquals(sent, readToEnd(theirs).length());
        // Read without room for descriptors, theirs are closed.
        shut(ends[1]);
        assertEquals("", readToEnd(ends[0]));
    }

    @Test
    void sendsTheBeginningOfAMessageThatIsLongerThanItsRoom() throws Exception {
        long seed = System.nanoTime();
        byte[] random = new byte[100_000];
        new Random(seed).nextBytes(random);
        ByteBuffer message = ByteBuffer.wrap(random);
        int[] ends = pipe();

        int count = sender.send(ours, message, ends[1]);

        assertEquals(64 * 1024, count);
        assertEquals(count, message.position());
        ByteBuffer rest =
                ByteBuffer.allocateDirect(message.remaining()).put(message).flip();
        assertEquals(random.length - count, syscalls.write(ours, rest));
        shut(ours);
        assertEquals(new String(random, StandardCharsets.ISO_8859_1), readToEnd(theirs), "seed " + seed);
    }

    @Test
    void sendsFromWhereTheMessageHasGotTo() throws Exception {
        int[] ends = pipe();
        ByteBuffer message = bytes("abc").position(1);

        assertEquals(2, sender.send(ours, message, ends[1]));

        shut(ours);
        assertEquals("bc", readToEnd(theirs));
    }

    @Test
    void saysThatNobodyIsThere() throws Exception {
        int[] ends = pipe();
        shut(theirs);
        ByteBuffer message = bytes("abc");

        assertEquals(-Errno.EPIPE, sender.send(ours, message, ends[1]));
        assertEquals(0, message.position());
    }

    @Test
    void saysThatADescriptorIsNone() throws Exception {
        int[] ends = pipe();
        shut(ends[1]);

        assertEquals(-Errno.EBADF, sender.send(ours, bytes("abc"), ends[0], ends[1]));

        shut(ours);
        assertEquals("", readToEnd(theirs));
    }

    @Test
    void sendsAgainWhatASignalInterrupted() throws Exception {
        int[] ends = pipe();
        libc.fail("sendmsg", 1, Errno.EINTR);

        assertEquals(3, sender.send(ours, bytes("abc"), ends[1]));

        assertTrue(libc.disarm());
    }

    @Test
    void takesNoneAndTooManyForAMistake() {
        assertThrows(IllegalArgumentException.class, () -> sender.send(ours, bytes("a")));
        assertThrows(
                IllegalArgumentException.class,
                () -> sender.send(ours, bytes("a"), new int[DescriptorSender.MOST_DESCRIPTORS + 1]));
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private String readToEnd(int fd) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer bytes = ByteBuffer.allocateDirect(65536);
        int count;
        while ((count = syscalls.read(fd, bytes.clear())) > 0) {
            byte[] piece = new byte[count];
            bytes.flip().get(piece);
            all.writeBytes(piece);
        }
        assertEquals(0, count, "an end");
        return all.toString(StandardCharsets.ISO_8859_1);
    }
}
