package org.cgifpm.adapters.backend.worker;

import java.nio.ByteBuffer;
import java.util.Set;
import org.cgifpm.adapters.Answers;
import org.cgifpm.adapters.Backend;
import org.cgifpm.adapters.Ending;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.ExchangeListener;
import org.cgifpm.adapters.Outcome;
import org.cgifpm.adapters.RelayPlan;
import org.cgifpm.adapters.RunningRequest;
import org.cgifpm.adapters.ShowsFailures;
import org.cgifpm.adapters.backend.AnswerStream;
import org.cgifpm.adapters.backend.process.StderrLines;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.Timer;
import org.cgifpm.protocol.cgi.Params;
import org.cgifpm.protocol.cgi.ResponseHead;
import org.cgifpm.protocol.fastcgi.EndRequest;
import org.cgifpm.protocol.fastcgi.ProtocolStatus;
import org.cgifpm.protocol.fastcgi.Role;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to a worker and back. Loop thread only.
 *
 * <p>Its answer and its work end independently: the answer is over when the response is whole, the request when the
 * worker has said END_REQUEST, or can be trusted with another, or is being ended. Only then {@code finished} is told.
 */
final class RelayRequest implements ExchangeListener, AnswerStream.Events {
    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

    /** What its group does with it. */
    interface Group {
        /** Its client has gone, or its time to wait is over, before a worker had it. */
        void leaves(RelayRequest request);

        /** The worker that had it was lost before it said a word: another shall have it. */
        void again(RelayRequest request);
    }

    private enum Stage {
        WAITING,
        WITH_WORKER,
        OVER
    }

    private final WorkerSurroundings around;
    private final RelaySettings settings;
    private final Exchange exchange;
    private final RelayPlan plan;
    private final Backend.Watcher watcher;
    private final Group group;
    private final String script;
    private AnswerStream answer;
    private @Nullable StderrLines stderr;
    private @Nullable RelayBody input;
    private @Nullable Worker worker;
    private @Nullable RelayConnection connection;
    private @Nullable Timer waitTimer;
    private @Nullable Timer requestTimer;
    private @Nullable Timer idleTimer;
    private Stage stage = Stage.WAITING;
    private int id;
    private int tries;
    private boolean announced;
    private boolean heard;
    private boolean hurried;
    private boolean answered;
    private boolean complete = true;
    private int status;
    private @Nullable String problem;
    private Ending ending = Ending.DONE;
    private long lastNanos;

    RelayRequest(WorkerSurroundings around, Exchange exchange, RelayPlan plan, Backend.Watcher watcher, Group group) {
        this.around = around;
        this.settings = around.settings();
        this.exchange = exchange;
        this.plan = plan;
        this.watcher = watcher;
        this.group = group;
        this.script = plan.application().key().program();
        this.answer = new AnswerStream(exchange, this);
    }

    long exchangeId() {
        return exchange.id();
    }

    Params params() {
        return plan.params();
    }

    Role role() {
        return exchange.role();
    }

    int id() {
        return id;
    }

    void id(int wanted) {
        id = wanted;
    }

    private EventLoop loop() {
        return around.machine().loop();
    }

    /** Waits for a worker from now on. */
    void waits() {
        stage = Stage.WAITING;
        exchange.listener(this);
        if (stage == Stage.WAITING && waitTimer == null) {
            waitTimer = loop().schedule(settings.startupTimeoutNanos(), this::waitedTooLong);
        }
    }

    private void waitedTooLong() {
        waitTimer = null;
        if (stage == Stage.WAITING) {
            refuse(503, "startup_timeout: no worker was ready within " + seconds(settings.startupTimeoutNanos()));
        }
    }

    /** No worker will have it. */
    void refuse(int errorStatus, String why) {
        if (stage == Stage.WAITING) {
            group.leaves(this);
            fail(errorStatus, why);
            over();
        }
    }

    boolean waiting() {
        return stage == Stage.WAITING;
    }

    /** Whether it could be begun anew if the worker is lost before it answers: nothing is lost and nothing is done twice. */
    boolean replayable() {
        RelayBody body = input;
        return settings.retryIdempotent()
                && IDEMPOTENT.contains(exchange.params().getOrEmpty("REQUEST_METHOD"))
                && (body == null ? !expectsBody() : body.atHand());
    }

    /** A body that has not begun to come, or a role that has none. */
    private boolean expectsBody() {
        return role() == Role.FILTER
                || (role() == Role.RESPONDER && exchange.body().expected());
    }

    /** Whether no worker has had it yet. */
    boolean firstTry() {
        return tries == 0;
    }

    /** It goes to that worker over that connection now. */
    void begin(Worker to, RelayConnection over) {
        worker = to;
        connection = over;
        stage = Stage.WITH_WORKER;
        tries++;
        if (waitTimer != null) {
            waitTimer.cancel();
            waitTimer = null;
        }
        lastNanos = loop().now();
        announce(to);
        startTimers();
        over.begin(this);
        RelayBody body = input;
        if (body == null) {
            body = new RelayBody(exchange, loop()::now);
            input = body;
        }
        body.begin(over, id);
        over.flush();
    }

    private void announce(Worker to) {
        if (!announced) {
            announced = true;
            watcher.started(new RunningRequest(exchange.id(), to.pid(), script, to.identity(), loop().now()));
        }
    }

    private void startTimers() {
        if (requestTimer == null && settings.requestTimeoutNanos() > 0) {
            requestTimer = loop().schedule(settings.requestTimeoutNanos(), this::timedOut);
        }
        if (idleTimer == null && settings.idleTimeoutNanos() > 0) {
            idleTimer = loop().schedule(settings.idleTimeoutNanos(), this::lookIdle);
        }
    }

    // The front end

    @Override
    public void writable() {
        if (connection != null) {
            connection.resume();
        }
    }

    @Override
    public void bodyReceived() {
        if (connection != null) {
            connection.resume();
        }
    }

    @Override
    public void aborted(String why) {
        if (stage == Stage.WAITING) {
            group.leaves(this);
            status = Outcome.CLIENT_GONE;
            decided(Ending.CLIENT_GONE, why, answered);
            over();
            return;
        }
        decided(Ending.CLIENT_GONE, why, answered);
        status = headStatus();
        // A worker that got half of a body is not let run on: it could not tell.
        if (settings.killOnAbort() || !inputSent()) {
            giveUp();
        } else {
            discard();
        }
    }

    @Override
    public void bodyTooLarge() {
        if (stage == Stage.WAITING) {
            refuse(413, "the request body is larger than request_body_max");
        } else if (stage == Stage.WITH_WORKER) {
            ending = Ending.REFUSED;
            fail(413, "the request body is larger than request_body_max");
            giveUp();
        }
    }

    /** The connection has room for more of the body. */
    void bodyMayGoOn() {
        if (input != null) {
            input.goOn();
        }
    }

    /** Whether the worker has been sent all that it may wait for. */
    boolean inputSent() {
        return input == null || input.sent();
    }

    // The worker

    /** Bytes of the answer that the front end takes now. */
    int room() {
        if (answered || answer.discards()) {
            return Integer.MAX_VALUE;
        }
        return holdsAnswer() ? 0 : exchange.room();
    }

    /** The answer stays with the worker as long as reading it would stop the input that the worker may still want. */
    private boolean holdsAnswer() {
        return !hurried
                && exchange.answerStopsBody()
                && expectsBody()
                && !exchange.body().hasEnded()
                && connection != null
                && connection.load() == 1;
    }

    /** Its worker is gone: what there is of the answer is read now. */
    void hurry() {
        hurried = true;
    }

    void stdout(ByteBuffer piece) {
        heard();
        answer.take(piece);
    }

    void stderr(ByteBuffer piece) {
        heard();
        if (stderr == null) {
            stderr = new StderrLines(
                    around.stderrRate(),
                    loop()::now,
                    around.machine().stderr(),
                    exchange.id(),
                    script,
                    StderrLines.OF_A_REQUEST);
        }
        stderr.take(piece);
    }

    private void heard() {
        heard = true;
        lastNanos = loop().now();
    }

    /** The end of its standard output; END_REQUEST need not come at once. */
    void stdoutEnd() {
        heard();
        if (exchange.responded() != null && answer.missing() == 0) {
            // With most libraries it comes with the same read, and has the application's status.
            loop().atTurnEnd(() -> {
                if (stage == Stage.WITH_WORKER) {
                    endAnswer(0);
                }
            });
        }
    }

    @Override
    public void badHead(String why) {
        fail(502, why);
    }

    @Override
    public void complete() {
        // END_REQUEST has the application's status and is here in a moment, mostly in the same read.
    }

    /** END_REQUEST: the worker has done with it. */
    void ended(EndRequest end) {
        heard();
        if (!answered && end.protocolStatus() != ProtocolStatus.REQUEST_COMPLETE.code()) {
            failProtocol(end.protocolStatus());
        } else {
            endAnswer(end.appStatus());
        }
        done();
    }

    private void failProtocol(int protocolStatus) {
        ProtocolStatus said = ProtocolStatus.of(protocolStatus);
        fail(
                said == ProtocolStatus.OVERLOADED ? 503 : 502,
                "the worker refused it: " + (said == null ? "protocol status " + protocolStatus : said));
    }

    private void endAnswer(int appStatus) {
        if (answered) {
            return;
        }
        if (exchange.responded() == null) {
            fail(502, answer.noHead());
        } else if (answer.missing() > 0) {
            cut("its body is " + answer.missing() + " bytes shorter than its Content-Length");
        } else {
            decided(ending, null, true);
            status = headStatus();
            exchange.end(appStatus);
        }
    }

    /** The connection ended before END_REQUEST came. */
    void connectionLost(String why) {
        connection = null;
        Worker with = worker;
        if (stage != Stage.WITH_WORKER || with == null) {
            return;
        }
        if (!heard && !answered && tries == 1 && replayable()) {
            again(with);
            return;
        }
        if (!answered && exchange.responded() != null && answer.discards() && answer.missing() == 0) {
            endAnswer(0); // all of it has come, and only the good-bye is missing
        }
        fail(502, why + (exchange.responded() == null ? " before it answered" : " in the middle of the answer"));
        worker = null;
        with.lost();
        over();
    }

    private void again(Worker with) {
        worker = null;
        stage = Stage.WAITING;
        if (input != null) {
            input.pause();
        }
        answer = new AnswerStream(exchange, this);
        with.lost();
        waits();
        if (stage == Stage.WAITING) {
            group.again(this);
        }
    }

    /** The worker is over, and had not even accepted the connection: nothing has happened to the request yet. */
    void passedOn(Worker to) {
        worker = to;
    }

    /** Nobody will accept the connection that it was sent over. */
    void unserved(int errorStatus, String why) {
        if (stage == Stage.WITH_WORKER) {
            fail(errorStatus, why);
            connection = null;
            worker = null;
            stopInput();
            over();
        }
    }

    private void giveUp() {
        RelayConnection with = connection;
        Worker by = worker;
        if (stage != Stage.WITH_WORKER || by == null || with == null) {
            return;
        }
        if (with.load() > 1) {
            // Others share the connection: the worker is asked to stop, and what it still says is thrown away.
            with.abort(id);
            discard();
            return;
        }
        connection = null;
        stopInput();
        by.recover(this, with);
    }

    /** The worker that was given up on takes connections again: nothing of this request is left. */
    void recovered() {
        worker = null;
        over();
    }

    private void discard() {
        answer.discard();
        if (connection != null) {
            connection.resume();
        }
    }

    private void timedOut() {
        requestTimer = null;
        hung("request_timeout: it ran for " + seconds(settings.requestTimeoutNanos()));
    }

    /** One timer, set again for as long as bytes came since; the bytes themselves only leave a time behind. */
    private void lookIdle() {
        idleTimer = null;
        if (answered || stage != Stage.WITH_WORKER) {
            return;
        }
        long last = Math.max(lastNanos, input == null ? lastNanos : input.lastNanos());
        long idle = loop().now() - last;
        if (idle < settings.idleTimeoutNanos()) {
            idleTimer = loop().schedule(settings.idleTimeoutNanos() - idle, this::lookIdle);
        } else {
            hung("idle_timeout: no byte either way for " + seconds(settings.idleTimeoutNanos()));
        }
    }

    private void hung(String why) {
        if (stage == Stage.WITH_WORKER) {
            stop(504, why, Ending.TIMEOUT);
        }
    }

    /**
     * Ends it before its time, and the worker with it: nobody can say what that does by now.
     *
     * @param errorStatus what the client is told if it has been told nothing yet
     */
    void stop(int errorStatus, String why, Ending how) {
        if (stage == Stage.WAITING) {
            ending = how;
            refuse(errorStatus, why);
            return;
        }
        Worker with = worker;
        if (stage != Stage.WITH_WORKER || with == null) {
            return;
        }
        ending = answered ? ending : how;
        fail(errorStatus, why);
        RelayConnection over = connection;
        connection = null;
        worker = null;
        stopInput();
        with.hung(this, over, why);
        over();
    }

    private static String seconds(long nanos) {
        return nanos / 1_000_000_000.0 + " s";
    }

    // The end

    private void fail(int errorStatus, String why) {
        if (answered) {
            return;
        }
        if (exchange.responded() != null) {
            cut(why);
        } else {
            status = errorStatus;
            decided(ending, why, true);
            Answers.error(exchange, errorStatus, why, stderr == null ? "" : stderr.tail());
        }
        answer.discard();
    }

    private void cut(String why) {
        decided(ending, why, false);
        status = headStatus();
        exchange.cut();
    }

    private void decided(Ending how, @Nullable String why, boolean allSent) {
        if (answered) {
            return;
        }
        answered = true;
        problem = why;
        complete = allSent;
        ending = !allSent && (how == Ending.DONE || how == Ending.REFUSED) ? Ending.CUT : how;
        watcher.answered(ending);
        if (exchange instanceof ShowsFailures shows && stderr != null && stderr.lines() > 0) {
            shows.stderrLogged(stderr.lines(), "above");
        }
    }

    private int headStatus() {
        ResponseHead head = exchange.responded();
        return head == null ? Outcome.CLIENT_GONE : head.status();
    }

    private void stopInput() {
        if (input != null) {
            input.stop();
        }
    }

    /** The worker has said that it is done, and is as good as before. */
    private void done() {
        Worker with = worker;
        RelayConnection over = connection;
        worker = null;
        connection = null;
        stopInput();
        if (with != null) {
            with.served(over);
        }
        over();
    }

    private void over() {
        if (stage == Stage.OVER) {
            return;
        }
        stage = Stage.OVER;
        cancel(waitTimer);
        cancel(requestTimer);
        cancel(idleTimer);
        if (stderr != null) {
            stderr.end();
        }
        watcher.finished(
                new Outcome(status, script, problem, complete, null, "", -1, stderr == null ? 0 : stderr.bytes()));
    }

    private static void cancel(@Nullable Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
    }
}
