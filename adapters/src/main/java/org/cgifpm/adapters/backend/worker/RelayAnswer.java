package org.cgifpm.adapters.backend.worker;

import java.nio.ByteBuffer;
import org.cgifpm.adapters.Answers;
import org.cgifpm.adapters.Backend;
import org.cgifpm.adapters.Ending;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.Outcome;
import org.cgifpm.adapters.ShowsFailures;
import org.cgifpm.adapters.backend.AnswerStream;
import org.cgifpm.adapters.backend.process.StderrLines;
import org.cgifpm.protocol.cgi.ResponseHead;
import org.cgifpm.protocol.fastcgi.ProtocolStatus;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one relayed request: what of the worker's words reaches the client, and how it ends. It ends once; all
 * that would end it later does nothing. Loop thread only.
 */
final class RelayAnswer implements AnswerStream.Events {
    private final WorkerSurroundings around;
    private final Exchange exchange;
    private final String script;
    private final Backend.Watcher watcher;
    private AnswerStream stream;
    private @Nullable StderrLines stderr;
    private boolean decided;
    private boolean complete = true;
    private int status;
    private @Nullable String problem;

    /** @param watcher is told of the end of the answer, and of nothing else */
    RelayAnswer(WorkerSurroundings around, Exchange exchange, String script, Backend.Watcher watcher) {
        this.around = around;
        this.exchange = exchange;
        this.script = script;
        this.watcher = watcher;
        this.stream = new AnswerStream(exchange, this);
    }

    // What comes

    void stdout(ByteBuffer piece) {
        stream.take(piece);
    }

    void stderr(ByteBuffer piece) {
        StderrLines lines = stderr;
        if (lines == null) {
            lines = new StderrLines(
                    around.stderrRate(),
                    around.machine().loop()::now,
                    around.machine().stderr(),
                    exchange.id(),
                    script,
                    StderrLines.OF_A_REQUEST);
            stderr = lines;
        }
        lines.take(piece);
    }

    @Override
    public void badHead(String why) {
        fail(502, why);
    }

    @Override
    public void complete() {
        // END_REQUEST has the application's status and is here in a moment, mostly in the same read.
    }

    /** What still comes is for nobody. */
    void discard() {
        stream.discard();
    }

    /** Another worker begins it anew; nothing has come from the one before. */
    void anew() {
        stream = new AnswerStream(exchange, this);
    }

    // What there is of it

    /** Whether it has ended, as far as the client is concerned. */
    boolean isDecided() {
        return decided;
    }

    /** Whether nobody reads what still comes. */
    boolean isForNobody() {
        return decided || stream.discards();
    }

    boolean hasHead() {
        return exchange.responded() != null;
    }

    /** Whether nothing more can come: there is a head, and all the body that it promises. */
    boolean isWhole() {
        return hasHead() && stream.discards() && stream.missing() == 0;
    }

    /** Whether all has come that the head promises; one that promises nothing may have more to come. */
    boolean mayBeWhole() {
        return hasHead() && stream.missing() == 0;
    }

    // Its end

    /** The worker says that it is all. */
    void end(int appStatus) {
        if (decided) {
            return;
        }
        if (!hasHead()) {
            fail(502, stream.noHead());
        } else if (stream.missing() > 0) {
            cut("its body is " + stream.missing() + " bytes shorter than its Content-Length", Ending.DONE);
        } else {
            decide(Ending.DONE, null, true);
            status = headStatus();
            exchange.end(appStatus);
        }
    }

    /** The worker has not even tried (FastCGI 1.0, 5.5). */
    void refused(int protocolStatus) {
        ProtocolStatus said = ProtocolStatus.of(protocolStatus);
        fail(
                said == ProtocolStatus.OVERLOADED ? 503 : 502,
                "the worker refused it: " + (said == null ? "protocol status " + protocolStatus : said));
    }

    void fail(int errorStatus, String why) {
        fail(errorStatus, why, Ending.DONE);
    }

    /**
     * Nothing more will come.
     *
     * @param errorStatus what the client is told if it has been told nothing yet
     * @param how whose doing it is
     */
    void fail(int errorStatus, String why, Ending how) {
        if (decided) {
            return;
        }
        if (hasHead()) {
            cut(why, how);
        } else {
            status = errorStatus;
            decide(how, why, true);
            Answers.error(exchange, errorStatus, why, stderr == null ? "" : stderr.tail());
        }
        stream.discard();
    }

    private void cut(String why, Ending how) {
        decide(how, why, false);
        status = headStatus();
        exchange.cut();
    }

    /** Nobody waits for it any more. */
    void clientGone(String why) {
        decide(Ending.CLIENT_GONE, why, false);
        status = headStatus();
    }

    private void decide(Ending how, @Nullable String why, boolean allSent) {
        if (decided) {
            return;
        }
        decided = true;
        problem = why;
        complete = allSent;
        boolean broken = !allSent && (how == Ending.DONE || how == Ending.REFUSED);
        watcher.answered(broken ? Ending.CUT : how);
        if (exchange instanceof ShowsFailures shows && stderr != null && stderr.lines() > 0) {
            shows.stderrLogged(stderr.lines(), "above");
        }
    }

    private int headStatus() {
        ResponseHead head = exchange.responded();
        return head == null ? Outcome.CLIENT_GONE : head.status();
    }

    /** What became of it; the worker says nothing more. */
    Outcome outcome() {
        if (stderr != null) {
            stderr.end();
        }
        return new Outcome(status, script, problem, complete, null, "", -1, stderr == null ? 0 : stderr.bytes());
    }
}
