package org.cgifpm.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.cgifpm.protocol.cgi.CgiEnvironment;
import org.cgifpm.protocol.cgi.Params;
import org.cgifpm.protocol.cgi.ResponseHead;
import org.cgifpm.protocol.cgi.ResponseHeadParser;
import org.cgifpm.protocol.fastcgi.NameValueReader;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What one request costs besides its streams: params, the environment made of them, the head of the answer. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RequestBenchmark {
    private static final NameValueReader.Limits LIMITS = new NameValueReader.Limits(1000, 1 << 20);
    private static final int HEAD_MAX = 65536;

    private final ByteBuffer content = Samples.paramsContent();
    private final Params params = Samples.params();
    private final ByteBuffer head = ByteBuffer.wrap(Samples.HEAD);

    @Benchmark
    public Params readParams() throws IOException {
        Params read = new Params();
        NameValueReader reader = new NameValueReader(LIMITS, read::add);
        reader.read(content.rewind());
        reader.end();
        return read;
    }

    @Benchmark
    public CgiEnvironment.Result makeEnvironment() {
        return CgiEnvironment.of(params, Samples.POLICY, Samples.SCRIPT);
    }

    @Benchmark
    public @Nullable ResponseHead parseHead() throws IOException {
        return new ResponseHeadParser(HEAD_MAX).read(head.rewind());
    }
}
