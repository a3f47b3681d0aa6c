package org.cgifpm.bench;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.cgifpm.protocol.fastcgi.ApplicationReader;
import org.cgifpm.protocol.fastcgi.BeginRequest;
import org.cgifpm.protocol.fastcgi.ProtocolException;
import org.cgifpm.protocol.fastcgi.RecordType;
import org.cgifpm.protocol.fastcgi.RecordWriter;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Records of one stream read and written; one operation is one record, header, content and padding. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RecordBenchmark {
    static final int RECORDS = 64;

    /** What the loop reads from a socket at a time. */
    private static final int READ = 65536;

    @Param({"8", "1024", "8192", "65528"})
    public int contentLength;

    private final Counter counter = new Counter();
    private final ApplicationReader reader = new ApplicationReader(counter);
    private ByteBuffer content = ByteBuffer.allocate(0);
    private ByteBuffer wire = ByteBuffer.allocate(0);
    private ByteBuffer out = ByteBuffer.allocate(0);
    private ByteBuffer socket = ByteBuffer.allocate(0);

    @Setup
    public void prepare() {
        content = ByteBuffer.allocateDirect(contentLength);
        wire = ByteBuffer.allocateDirect(RECORDS * wireSize(contentLength));
        out = ByteBuffer.allocateDirect(RECORDS * wireSize(contentLength));
        socket = ByteBuffer.allocateDirect(READ);
        for (int i = 0; i < RECORDS; i++) {
            RecordWriter.record(wire, RecordType.STDIN, 1, content.clear());
        }
    }

    /** Reading STDIN in pieces of 64 kB; the time has the copy into the reader's buffer, as recv would make it. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public long readStdin() throws ProtocolException {
        int end = wire.capacity();
        for (int at = 0; at < end; at += READ) {
            wire.limit(Math.min(end, at + READ)).position(at);
            socket.clear().put(wire).flip();
            reader.read(socket);
        }
        return counter.bytes;
    }

    /** Writing STDOUT; the time has the copy of the content into the connection's buffer. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public ByteBuffer writeStdout() {
        out.clear();
        for (int i = 0; i < RECORDS; i++) {
            RecordWriter.record(out, RecordType.STDOUT, 1, content.clear());
        }
        return out;
    }

    static int wireSize(int contentLength) {
        return RecordWriter.HEADER + contentLength + RecordWriter.padding(contentLength);
    }

    private static final class Counter implements ApplicationReader.Listener {
        private long bytes;

        @Override
        public void beginRequest(int id, BeginRequest begin) {}

        @Override
        public void abortRequest(int id) {}

        @Override
        public void params(int id, ByteBuffer piece) {}

        @Override
        public void paramsEnd(int id) {}

        @Override
        public void stdin(int id, ByteBuffer piece) {
            bytes += piece.remaining();
        }

        @Override
        public void stdinEnd(int id) {}

        @Override
        public void data(int id, ByteBuffer piece) {}

        @Override
        public void dataEnd(int id) {}

        @Override
        public void getValues(List<String> names) {}

        @Override
        public void unknownManagement(int type) {}
    }
}
