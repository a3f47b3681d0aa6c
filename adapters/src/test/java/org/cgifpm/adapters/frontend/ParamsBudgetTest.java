package org.cgifpm.adapters.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cgifpm.adapters.Answers;
import org.cgifpm.protocol.fastcgi.RecordType;
import org.cgifpm.protocol.fastcgi.RecordWriter;
import org.cgifpm.protocol.fastcgi.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ParamsBudgetTest {
    @TempDir
    Path folder = Path.of(".");

    @Test
    void givesOutNoMoreThanThereIsAndTakesItBack() throws Exception {
        ParamsBudget budget = new ParamsBudget();
        budget.take((int) ParamsBudget.MAX_BYTES);

        assertThrows(ParamsBudget.ExhaustedException.class, () -> budget.take(1));
        budget.release(1);
        budget.take(1);
        assertEquals(ParamsBudget.MAX_BYTES, budget.held());
    }

    @Test
    void aRequestBeyondTheBoundOfAllIsAnsweredAndTheNextOneFindsRoomAgain() throws Exception {
        try (RunningFastCgi server =
                new RunningFastCgi(folder, 1000, 60_000, exchange -> Answers.error(exchange, 503, "", ""))) {
            List<SocketChannel> greedy = new ArrayList<>();
            for (long held = 0; held < ParamsBudget.MAX_BYTES; held += 15 * 65_528) {
                SocketChannel connection = server.connect();
                greedy.add(connection);
                write(connection, unfinished());
            }
            assertInstanceOf(ParamsBudget.ExhaustedException.class, oneRequest(server));
            for (SocketChannel connection : greedy) {
                connection.close();
            }
            server.onLoop(() -> {});
            try (SocketChannel connection = server.connect()) {
                write(connection, complete());
                connection.read(ByteBuffer.allocate(1));
            }
            assertEquals(0, server.incomplete.size());
        }
    }

    private static Exception oneRequest(RunningFastCgi server) throws Exception {
        // The greedy ones' bytes may still be on their way: ask until they have arrived.
        for (int i = 0; i < 1000 && server.incomplete.isEmpty(); i++) {
            try (SocketChannel connection = server.connect()) {
                write(connection, complete());
                connection.read(ByteBuffer.allocate(1));
            }
        }
        return RunningFastCgi.next(server.incomplete);
    }

    /** A request whose params do not end: one pair that promises a megabyte, and nearly all of it. */
    private static ByteBuffer unfinished() {
        return begun(1_000_000, 15).flip();
    }

    /** More than what a greedy request may have left over when its next piece found no room. */
    private static ByteBuffer complete() {
        ByteBuffer out = begun(3 * 65_528, 3);
        RecordWriter.endOfStream(out, RecordType.PARAMS, 1);
        RecordWriter.endOfStream(out, RecordType.STDIN, 1);
        return out.flip();
    }

    private static ByteBuffer begun(int promised, int records) {
        ByteBuffer out = ByteBuffer.allocate(17 * 65_536);
        RecordWriter.beginRequest(out, 1, Role.RESPONDER, false);
        ByteBuffer lengths = ByteBuffer.allocate(6)
                .put((byte) 1)
                .putInt(0x80000000 | promised)
                .put((byte) 'a');
        RecordWriter.record(out, RecordType.PARAMS, 1, lengths.flip());
        for (int i = 0; i < records; i++) {
            RecordWriter.record(out, RecordType.PARAMS, 1, ByteBuffer.allocate(65_528));
        }
        return out;
    }

    private static void write(SocketChannel connection, ByteBuffer bytes) throws Exception {
        while (bytes.hasRemaining()) {
            connection.write(bytes);
        }
    }
}
