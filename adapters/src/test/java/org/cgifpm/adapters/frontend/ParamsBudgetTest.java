package org.cgifpm.adapters.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

    private static final long MAX = ParamsBudget.MAX_BYTES;

    @Test
    void aPoolAloneMayHaveTwoThirdsAndGivesThemBack() throws Exception {
        ParamsBudget budget = new ParamsBudget();
        ParamsBudget.Share pool = budget.share();
        pool.take(MAX * 2 / 3);

        assertThrows(ParamsBudget.ExhaustedException.class, () -> pool.take(1));
        assertEquals(MAX * 2 / 3, budget.held());
        pool.release(1);
        pool.take(1);
        pool.release(MAX * 2 / 3);
        assertEquals(0, budget.held());
    }

    @Test
    void howeverManyPoolsTakeWhatTheyCanThereIsSomethingForTheNext() throws Exception {
        ParamsBudget budget = new ParamsBudget();
        for (int i = 0; i < 5; i++) {
            ParamsBudget.Share greedy = budget.share();
            assertThrows(ParamsBudget.ExhaustedException.class, () -> {
                while (true) {
                    greedy.take(100);
                }
            });
        }

        budget.share().take(8000);
        assertTrue(budget.held() < MAX, () -> budget.held() + " of " + MAX);
    }

    /** Five bytes each on the wire; an array of bytes, two strings and more in memory. */
    @Test
    void smallPairsCountAsWhatTheyTakeInMemory() throws Exception {
        ParamsBudget budget = new ParamsBudget();
        ParamsBudget.Share pool = budget.share();
        ByteBuffer pairs = ByteBuffer.allocate(2000 * 5);
        while (pairs.hasRemaining()) {
            pairs.put((byte) 2).put((byte) 1).put((byte) 'H').put((byte) 'A').put((byte) 'b');
        }
        List<RequestParams> requests = new ArrayList<>();
        RequestParams request;
        do {
            request = new RequestParams(1, pool);
            request.arrived(pairs.clear());
            requests.add(request);
        } while (request.incomplete() == null);

        long kept =
                requests.stream().mapToInt(each -> each.params().all().size()).sum();
        assertTrue(kept * ParamsBudget.PAIR_BYTES <= MAX * 2 / 3, () -> kept + " pairs");
        assertTrue(kept > 90_000, () -> kept + " pairs");
        requests.forEach(RequestParams::release);
        assertEquals(0, budget.held());
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
