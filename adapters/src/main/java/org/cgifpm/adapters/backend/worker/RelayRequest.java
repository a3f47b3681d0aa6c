package org.cgifpm.adapters.backend.worker;

import java.nio.ByteBuffer;
import java.util.Set;
import org.cgifpm.adapters.Backend;
import org.cgifpm.adapters.Ending;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.ExchangeListener;
import org.cgifpm.adapters.RelayPlan;
import org.cgifpm.adapters.RunningRequest;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.protocol.cgi.Params;
import org.cgifpm.protocol.fastcgi.EndRequest;
import org.cgifpm.protocol.fastcgi.ProtocolStatus;
import org.cgifpm.protocol.fastcgi.Role;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to a worker and back: who has it, and what becomes of it there. Loop thread only.
 *
 * <p>Its answer and its work end independently: the answer is over when the response is whole, the request when the
 * worker has said END_REQUEST, or can be trusted with another, or is being ended. Only then {@code finished} is told.
 */
final class RelayRequest implements ExchangeListener, RequestTimes.Timed {
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
    private final RelayAnswer answer;
    private final RequestTimes times;
    private @Nullable RelayBody input;
    private @Nullable Worker worker;
    private @Nullable RelayConnection connection;
    private Stage stage = Stage.WAITING;
    private int id;
    private int tries;
    private boolean announced;
    private boolean heard;
    private boolean hurried;
    private long lastNanos;

    RelayRequest(WorkerSurroundings around, Exchange exchange, RelayPlan plan, Backend.Watcher watcher, Group group) {
        this.around = around;
        this.settings = around.settings();
        this.exchange = exchange;
        this.plan = plan;
        this.watcher = watcher;
        this.group = group;
        this.script = plan.application().key().program();
        this.answer = new RelayAnswer(around, exchange, script, watcher);
        this.times = new RequestTimes(around.machine().loop(), settings, this);
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
        if (stage == Stage.WAITING) {
            times.waits();
        }
    }

    @Override
    public void waitedTooLong(String why) {
        refuse(503, why);
    }

    /** No worker will have it. */
    void refuse(int errorStatus, String why) {
        refuse(errorStatus, why, Ending.DONE);
    }

    private void refuse(int errorStatus, String why, Ending how) {
        if (stage == Stage.WAITING) {
            group.leaves(this);
            answer.fail(errorStatus, why, how);
            over();
        }
    }

    boolean waiting() {
        return stage == Stage.WAITING;
    }

    /** Whether it could be begun anew if the worker is lost before it answers: nothing is lost and nothing is done twice. */
    boolean replayable() {
        RelayBody body = input;
        return mayBeginAnew() && (body == null ? !expectsBody() : body.atHand());
    }

    private boolean mayBeginAnew() {
        return settings.retryIdempotent()
                && IDEMPOTENT.contains(exchange.params().getOrEmpty("REQUEST_METHOD"));
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
        lastNanos = loop().now();
        announce(to);
        times.begins();
        over.begin(this);
        RelayBody body = input;
        if (body == null) {
            body = new RelayBody(exchange, loop()::now, mayBeginAnew());
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
            answer.clientGone(why);
            over();
            return;
        }
        answer.clientGone(why);
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
            answer.fail(413, "the request body is larger than request_body_max", Ending.REFUSED);
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
        if (answer.isForNobody()) {
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
        answer.stdout(piece);
    }

    void stderr(ByteBuffer piece) {
        heard();
        answer.stderr(piece);
    }

    private void heard() {
        heard = true;
        lastNanos = loop().now();
    }

    /** The end of its standard output; END_REQUEST need not come at once. */
    void stdoutEnd() {
        heard();
        if (answer.mayBeWhole()) {
            // With most libraries it comes with the same read, and has the application's status.
            loop().atTurnEnd(() -> {
                if (stage == Stage.WITH_WORKER) {
                    answer.end(0);
                }
            });
        }
    }

    /** END_REQUEST: the worker has done with it. */
    void ended(EndRequest end) {
        heard();
        if (end.protocolStatus() != ProtocolStatus.REQUEST_COMPLETE.code()) {
            answer.refused(end.protocolStatus());
        } else {
            answer.end(end.appStatus());
        }
        done();
    }

    /** The connection ended before END_REQUEST came. */
    void connectionLost(String why) {
        connection = null;
        Worker with = worker;
        if (stage != Stage.WITH_WORKER || with == null) {
            return;
        }
        if (!heard && !answer.isDecided() && tries == 1 && replayable()) {
            again(with);
            return;
        }
        if (answer.isWhole()) {
            answer.end(0); // all of it has come, and only the good-bye is missing
        }
        answer.fail(502, why + (answer.hasHead() ? " in the middle of the answer" : " before it answered"));
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
        answer.anew();
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
            answer.fail(errorStatus, why);
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
        times.givenUp();
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

    @Override
    public boolean isUnderWay() {
        return stage == Stage.WITH_WORKER && !answer.isDecided();
    }

    @Override
    public long lastByteNanos() {
        return input == null ? lastNanos : Math.max(lastNanos, input.lastNanos());
    }

    @Override
    public void tookTooLong(String why) {
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
            refuse(errorStatus, why, how);
            return;
        }
        Worker with = worker;
        if (stage != Stage.WITH_WORKER || with == null) {
            return;
        }
        answer.fail(errorStatus, why, how);
        RelayConnection over = connection;
        connection = null;
        worker = null;
        stopInput();
        with.hung(this, over, why);
        over();
    }

    // The end

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
        times.stop();
        watcher.finished(answer.outcome());
    }
}
