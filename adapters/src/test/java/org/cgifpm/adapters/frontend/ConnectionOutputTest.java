package org.cgifpm.adapters.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.cgifpm.adapters.os.Errno;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.protocol.fastcgi.EndRequest;
import org.cgifpm.protocol.fastcgi.ProtocolStatus;
import org.cgifpm.protocol.fastcgi.RecordType;
import org.cgifpm.protocol.fastcgi.WebServerReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Output into a pipe, so that a test decides when there is room for it. */
class ConnectionOutputTest {
    private final Syscalls syscalls = new Syscalls();
    private int[] pipe = {-1, -1};

    @BeforeEach
    void openPipe() throws Exception {
        pipe = syscalls.pipe();
        syscalls.nonBlocking(pipe[0]);
        syscalls.nonBlocking(pipe[1]);
    }

    @AfterEach
    void closePipe() {
        syscalls.close(pipe[0]);
        syscalls.close(pipe[1]);
    }

    @Test
    void streamsOfAnyLengthArriveInRecordsThatAWebServerReads() throws Exception {
        long seed = System.nanoTime();
        System.out.println("streamsOfAnyLengthArriveInRecordsThatAWebServerReads: seed " + seed);
        Random random = new Random(seed);
        ConnectionOutput output = new ConnectionOutput(pipe[1], new SharedBuffers(syscalls));
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        Reader reader = new Reader();
        for (int i = 0; i < 500; i++) {
            byte[] bytes = new byte[random.nextInt(random.nextInt(100_000) + 1)];
            random.nextBytes(bytes);
            output.stream(RecordType.STDOUT, 5, ByteBuffer.wrap(bytes));
            sent.writeBytes(bytes);
            assertEquals(Math.max(0, ConnectionLimits.OUTPUT_MEMORY - output.pending()), output.room());
            while (output.pending() > 0) {
                assertEquals(0, output.flush());
                reader.readAll();
            }
        }
        output.end(5, 7, ProtocolStatus.OVERLOADED, true);
        assertEquals(0, output.flush());
        reader.readAll();
        assertTrue(Arrays.equals(sent.toByteArray(), reader.stdout.toByteArray()), "other bytes arrived");
        assertEquals("end of stdout, end 7 OVERLOADED", reader.told);
    }

    @Test
    void aFullSocketIsNoErrorAndABrokenOneIs() throws Exception {
        ConnectionOutput output = new ConnectionOutput(pipe[1], new SharedBuffers(syscalls));
        output.stream(RecordType.STDOUT, 1, ByteBuffer.allocate(1 << 20));
        assertEquals(0, output.flush());
        int pending = output.pending();
        assertTrue(pending > 0);
        assertEquals(0, output.room());
        assertEquals(0, output.flush());
        assertEquals(pending, output.pending());

        syscalls.close(pipe[0]);
        pipe[0] = -1;
        assertEquals(-Errno.EPIPE, output.flush());
        output.clear();
        assertEquals(0, output.pending());
    }

    private final class Reader implements WebServerReader.Listener {
        final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
        private final WebServerReader records = new WebServerReader(this);
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);
        String told = "";

        void readAll() throws Exception {
            while (syscalls.read(pipe[0], buffer.clear()) > 0) {
                records.read(buffer.flip());
            }
        }

        @Override
        public void stdout(int id, ByteBuffer piece) {
            byte[] bytes = new byte[piece.remaining()];
            piece.get(bytes);
            stdout.writeBytes(bytes);
        }

        @Override
        public void stdoutEnd(int id) {
            told = "end of stdout";
        }

        @Override
        public void stderr(int id, ByteBuffer piece) {
            throw new AssertionError("stderr");
        }

        @Override
        public void stderrEnd(int id) {
            throw new AssertionError("stderr");
        }

        @Override
        public void endRequest(int id, EndRequest end) {
            told += ", end " + end.appStatus() + " " + ProtocolStatus.of(end.protocolStatus());
        }

        @Override
        public void getValuesResult(java.util.Map<String, String> values) {
            throw new AssertionError("values");
        }

        @Override
        public void unknownType(int type) {
            throw new AssertionError("unknown type");
        }
    }
}
