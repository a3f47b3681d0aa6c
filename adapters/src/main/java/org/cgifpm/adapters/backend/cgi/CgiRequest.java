package org.cgifpm.adapters.backend.cgi;

import java.util.function.Consumer;
import org.cgifpm.adapters.Answers;
import org.cgifpm.adapters.Backend;
import org.cgifpm.adapters.Ending;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.ExchangeListener;
import org.cgifpm.adapters.Outcome;
import org.cgifpm.adapters.ShowsFailures;
import org.cgifpm.adapters.backend.process.ChainFailure;
import org.cgifpm.adapters.backend.process.Pipes;
import org.cgifpm.adapters.backend.process.ProcessSurroundings;
import org.cgifpm.adapters.backend.process.RequestProcess;
import org.cgifpm.adapters.backend.process.StderrPump;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.ExitStatus;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Timer;
import org.cgifpm.protocol.cgi.ResponseHead;
import org.jspecify.annotations.Nullable;

/**
 * One request with its running process: three pipes pumped at the same time, the answer, and the end of both. Loop
 * thread only.
 *
 * <p>Answer and process end independently: a response is over when standard output is, the request is over when nothing
 * of its processes lives. Only then {@code finished} is told.
 */
final class CgiRequest implements ExchangeListener, StdoutPump.Events, RequestProcess.Events {
    private final ProcessSurroundings around;
    private final CgiSettings settings;
    private final FirstLook firstLook;
    private final long begunNanos;
    private final Exchange exchange;
    private final Pipes pipes;
    private final Backend.Watcher watcher;
    private final long launchedNanos;
    private final Consumer<Outcome> finished;
    private final RequestProcess processes;
    private final StdoutPump stdout;
    private final StderrPump stderr;
    private final @Nullable StdinPump stdin;
    private @Nullable Timer joinTimer;
    private @Nullable Timer firstLookTimer;
    private @Nullable Timer requestTimer;
    private @Nullable Timer idleTimer;
    private @Nullable Timer pipesTimer;
    private @Nullable Timer graceTimer;
    private @Nullable String problem;
    private int status;
    private boolean answered;

    /** The response is all there, and only the script's reading of its input is waited for. */
    private boolean whole;

    private boolean complete = true;

    /** How the answer ends, as far as that has been decided. */
    private Ending ending = Ending.DONE;

    CgiRequest(
            CgiGround ground,
            long begunNanos,
            Exchange exchange,
            Pipes pipes,
            RequestProcess.Source started,
            Backend.Watcher watcher,
            Consumer<Outcome> finished) {
        this.around = ground.around();
        this.settings = ground.settings();
        this.firstLook = ground.firstLook();
        this.begunNanos = begunNanos;
        this.exchange = exchange;
        this.pipes = pipes;
        this.watcher = watcher;
        this.launchedNanos = around.loop().now();
        this.finished = finished;
        this.processes = started.with(this);
        this.stdout = new StdoutPump(around, exchange, pipes.stdout(), this);
        this.stderr =
                new StderrPump(around, ground.stderrRate(), exchange.id(), pipes.script(), pipes.stderr(), this::goOn);
        this.stdin = pipes.stdin() >= 0 ? new StdinPump(around, exchange.body(), pipes.stdin(), this::bodyOver) : null;
    }

    /**
     * Takes over the started process.
     *
     * @param gone why the client has gone already, or null if it has not
     * @throws SyscallException if the kernel has no room to watch it: then everything is left as it was
     */
    void start(@Nullable String gone) throws SyscallException {
        try {
            processes.watch();
            stdout.hold();
            stderr.hold();
        } catch (SyscallException e) {
            processes.forget();
            stdout.forget();
            stderr.forget();
            throw e;
        }
        long passed = around.loop().now() - begunNanos;
        long joins = processes.joinsAfterNanos();
        if (joins >= 0) {
            joinTimer = around.loop().schedule(Math.max(0, joins - passed), processes::runsLong);
        }
        firstLookTimer = around.loop().schedule(Math.max(0, firstLook.nanos() - passed), this::watchPipes);
        if (settings.requestTimeoutNanos() > 0) {
            requestTimer = around.loop().schedule(settings.requestTimeoutNanos(), this::timedOut);
        }
        if (settings.idleTimeoutNanos() > 0) {
            idleTimer = around.loop().schedule(settings.idleTimeoutNanos(), this::lookIdle);
        }
        exchange.listener(this);
        if (gone != null) {
            aborted(gone);
        } else if (stdin != null) {
            stdin.start();
        } else {
            exchange.body().discard();
        }
        processes.look();
    }

    /** The answer stays in the pipe as long as reading it on would stop the input that the script may still want. */
    private boolean holdsAnswer() {
        return exchange.answerStopsBody()
                && stdin != null
                && !stdin.delivered()
                && !exchange.body().hasEnded()
                && processes.status() == null
                && !answered;
    }

    /** From now on whatever is written is read as it comes. */
    private void watchPipes() {
        cancelFirstLook();
        stderr.watch();
        releaseAnswer();
    }

    /** A process that has ended before its pipes were watched has left all that it wrote in them. */
    private void lookLate() {
        if (firstLookTimer != null) {
            stderr.readToEnd();
            stdout.readToEnd();
            watchPipes();
        }
    }

    private void cancelFirstLook() {
        if (firstLookTimer != null) {
            firstLookTimer.cancel();
            firstLookTimer = null;
        }
    }

    private void releaseAnswer() {
        if (firstLookTimer == null && !holdsAnswer()) {
            stdout.resume();
        }
    }

    // The front end

    @Override
    public void bodyReceived() {
        releaseAnswer();
    }

    @Override
    public void writable() {
        releaseAnswer();
    }

    @Override
    public void aborted(String why) {
        boolean bodyMissing = stdin != null && !stdin.delivered();
        ending = Ending.CLIENT_GONE;
        over(exchange.responded() == null ? Outcome.CLIENT_GONE : headStatus(), why, whole);
        stdout.discard();
        // A script that got half of its input is not let run on: it could not tell.
        if (settings.killOnAbort() || bodyMissing) {
            processes.terminate();
        }
        goOn();
    }

    @Override
    public void bodyTooLarge() {
        if (whole && !answered) {
            endWhole();
        }
        ending = answered ? ending : Ending.REFUSED;
        fail(413, "the request body is larger than request_body_max");
        processes.terminate();
    }

    // The process

    @Override
    public void badHead(String why) {
        stderr.read();
        fail(500, why);
    }

    @Override
    public void complete() {
        if (!answered) {
            whole = true;
            if (readsOn()) {
                waitForReader();
            } else {
                endWhole();
            }
        }
        goOn();
    }

    /** The script lives and may still want its input: ending the exchange would throw the rest of it away. */
    private boolean readsOn() {
        return stdin != null && !stdin.delivered() && processes.status() == null;
    }

    private void waitForReader() {
        StdinPump pump = stdin;
        if (pump == null) {
            return;
        }
        cancelGrace();
        long before = pump.written();
        graceTimer = around.loop().schedule(CgiSettings.UNREAD_GRACE_MILLIS * EventLoop.MILLIS, () -> {
            if (pump.waitsForScript() && pump.written() == before) {
                endWhole();
                goOn();
            } else {
                waitForReader();
            }
        });
    }

    private void bodyOver() {
        releaseAnswer();
        if (whole && !answered) {
            endWhole();
            goOn();
        }
    }

    private void endWhole() {
        ExitStatus exit = processes.status();
        over(headStatus(), null, true);
        exchange.end(exit == null ? 0 : exit.code());
    }

    @Override
    public void ended() {
        if (!answered && !whole) {
            if (processes.status() != null) {
                answerAtEnd();
            } else {
                grace(processes.exitGraceNanos());
            }
        }
        goOn();
    }

    @Override
    public void exited(ExitStatus exit) {
        if (joinTimer != null) {
            joinTimer.cancel();
        }
        lookLate();
        firstLook.ended(around.loop().now() - begunNanos, stdout.bytes() + stderr.bytes());
        releaseAnswer();
        if (!answered) {
            if (whole || !stdout.open()) {
                answerAtEnd();
            } else {
                // What the script wrote is in the pipe and is read first; a grandchild may still hold the other end.
                grace(CgiSettings.GRANDCHILD_GRACE_MILLIS * EventLoop.MILLIS);
            }
        }
        goOn();
    }

    @Override
    public void lost(int errorStatus, String why) {
        stop(errorStatus, why, Ending.CUT);
    }

    private void grace(long nanos) {
        cancelGrace();
        graceTimer = around.loop().schedule(nanos, () -> {
            boolean silent = stdout.drained();
            if (stdout.open() && !silent && !answered && !whole) {
                grace(nanos); // the front end is slow; what is in the pipe is still to come
            } else if (!whole) {
                answerAtEnd();
            }
        });
    }

    /** Nothing more will come of the response: is what came an answer? */
    private void answerAtEnd() {
        if (answered) {
            return;
        }
        ExitStatus exit = processes.status();
        if (whole) {
            endWhole();
        } else if (exchange.responded() == null) {
            stderr.read();
            failWithoutHead(exit);
        } else if (stdout.missing() > 0) {
            cut("its body is " + stdout.missing() + " bytes shorter than its Content-Length"
                    + (exit == null ? "" : " (" + exit.words() + ")"));
        } else if (exit != null && exit.killed()) {
            cut("it was " + exit.words() + " before its response was complete");
        } else {
            complete();
        }
        stdout.discard();
        goOn();
    }

    private void failWithoutHead(@Nullable ExitStatus exit) {
        ChainFailure chain = exit != null && pipes.chained() ? ChainFailure.of(exit, stderr.tail()) : null;
        if (chain != null) {
            fail(chain.status(), chain.why());
        } else {
            fail(500, stdout.noHead() + (exit == null ? "" : " (" + exit.words() + ")"));
        }
    }

    private void timedOut() {
        String how = answered || whole
                ? "what it left running was ended"
                : "it ran for " + seconds(settings.requestTimeoutNanos());
        stop(504, "request_timeout: " + how, Ending.TIMEOUT);
    }

    /** One timer, set again for as long as bytes came since; the bytes themselves only leave a time behind. */
    private void lookIdle() {
        if (answered) {
            return;
        }
        long last = Math.max(launchedNanos, Math.max(stdout.lastNanos(), stderr.lastNanos()));
        long idle = around.loop().now() - (stdin == null ? last : Math.max(last, stdin.lastNanos()));
        if (idle < settings.idleTimeoutNanos()) {
            idleTimer = around.loop().schedule(settings.idleTimeoutNanos() - idle, this::lookIdle);
        } else {
            stop(504, "idle_timeout: no byte either way for " + seconds(settings.idleTimeoutNanos()), Ending.TIMEOUT);
        }
    }

    private static String seconds(long nanos) {
        return nanos / 1_000_000_000.0 + " s";
    }

    /**
     * Ends it before its time: TERM, and KILL after the grace.
     *
     * @param errorStatus what the client is told if it has been told nothing yet
     * @param how what that is for the answer, unless it is out already
     */
    void stop(int errorStatus, String why, Ending how) {
        if (whole && !answered) {
            endWhole();
        }
        if (!answered) {
            ending = how;
            stderr.read();
            if (exchange.responded() == null) {
                fail(errorStatus, why);
            } else {
                cut(why);
                stdout.discard();
            }
        } else if (problem == null) {
            problem = why;
        }
        processes.terminate();
    }

    private void fail(int errorStatus, String why) {
        if (answered) {
            return;
        }
        if (exchange.responded() != null) {
            cut(why);
        } else {
            over(errorStatus, why, true);
            Answers.error(exchange, errorStatus, why, stderr.tail());
        }
        stdout.discard();
    }

    private void cut(String why) {
        over(headStatus(), why, false);
        exchange.cut();
    }

    /** The response is decided; whatever happens from now on cannot change it. */
    private void over(int finalStatus, @Nullable String why, boolean allSent) {
        answered = true;
        status = finalStatus;
        problem = why;
        complete = allSent;
        if (!allSent && (ending == Ending.DONE || ending == Ending.REFUSED)) {
            ending = Ending.CUT;
        }
        watcher.answered(ending);
        tellStderr();
        cancelGrace();
        if (stdin != null) {
            // What the front end still sends is thrown away: the script shall see an end, not wait for it.
            stdin.close();
        }
    }

    private void cancelGrace() {
        if (graceTimer != null) {
            graceTimer.cancel();
            graceTimer = null;
        }
    }

    private void tellStderr() {
        if (exchange instanceof ShowsFailures shows && stderr.lines() > 0) {
            shows.stderrLogged(stderr.lines(), "above");
        }
    }

    private int headStatus() {
        ResponseHead head = exchange.responded();
        return head == null ? Outcome.CLIENT_GONE : head.status();
    }

    // The end

    @Override
    public void killed() {
        if (pipesTimer == null) {
            pipesTimer = around.loop().schedule(CgiSettings.PIPES_GRACE_MILLIS * EventLoop.MILLIS, () -> {
                stdout.close();
                stderr.close();
                answerAtEnd();
                goOn();
            });
        }
    }

    private void goOn() {
        if (settings.killBackground() && answered && processes.status() != null) {
            processes.terminate();
        }
        if (answered && processes.status() != null && !stdout.open() && !stderr.open()) {
            processes.release();
        }
    }

    @Override
    public void gone(ExitStatus exit) {
        if (requestTimer != null) {
            requestTimer.cancel();
        }
        if (idleTimer != null) {
            idleTimer.cancel();
        }
        cancelGrace();
        cancelFirstLook();
        if (pipesTimer != null) {
            pipesTimer.cancel();
        }
        if (stdin != null) {
            stdin.close();
        }
        finished.accept(new Outcome(
                status, pipes.script(), problem, complete, exit, "", processes.peakMemory(), stderr.bytes()));
    }

    /** The daemon stops and waits no more. */
    void kill() {
        processes.kill();
    }

    /** The daemon stops: TERM, and KILL after the grace. */
    void terminate() {
        processes.terminate();
    }
}
