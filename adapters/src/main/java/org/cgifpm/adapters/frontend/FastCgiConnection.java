package org.cgifpm.adapters.frontend;

import java.nio.ByteBuffer;
import org.cgifpm.adapters.os.Errno;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.Registration;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.protocol.fastcgi.ApplicationReader;
import org.cgifpm.protocol.fastcgi.ProtocolException;
import org.cgifpm.protocol.fastcgi.ProtocolStatus;

/**
 * One connection from a front end: bytes in, exchanges out, and back. Loop thread only.
 *
 * <p>It may carry many requests at a time (FastCGI 1.0, 3.3) and ends with the first thing its peer does wrong; nothing
 * else ends with it. After the last answer it lingers where input was left unread, because a plain close would make
 * the kernel throw the answer away.
 */
final class FastCgiConnection {
    /** Reads of one connection in one turn of the loop: others have their turn too. */
    private static final int READS_PER_TURN = 4;
    /** Unwritten output, beyond any exchange's, at which a peer that only asks is not read any more. */
    private static final int OUTPUT_PAUSES_INPUT = 4 * ConnectionLimits.OUTPUT_MEMORY;

    private enum Phase {
        OPEN,
        /** No further request is taken; what is left of the output goes out. */
        FLUSHING,
        /** Everything is written and the writing side is shut; input is read off. */
        LINGERING,
        CLOSED
    }

    private final ConnectionSurroundings around;
    private final int fd;
    private final String peer;
    private final Registration registration;
    private final ApplicationReader reader;
    private final RequestRecords records;
    private final ConnectionOutput output;
    private final FlushTime flushTime;
    private final ConnectionTimers timers;
    private final EndTimer endTimer;
    private final OpenRequests requests = new OpenRequests();

    private Phase phase = Phase.OPEN;
    private boolean inputEnded;
    private boolean draining;
    /** Input of a request that is known no more may still come: closing at once could destroy its answer. */
    private boolean inputOwed;
    /** When the record began that is not complete. */
    private long recordNanos;

    FastCgiConnection(ConnectionSurroundings around, int fd, String peer) throws SyscallException {
        this.around = around;
        this.fd = fd;
        this.peer = peer;
        this.output = new ConnectionOutput(fd, around.shared());
        this.records = new RequestRecords(this, around, requests);
        this.reader = new ApplicationReader(records);
        this.flushTime = new FlushTime(around.loop(), output, this::flushNow);
        this.timers = new ConnectionTimers(around.loop(), around::limits, this::timedOut);
        this.endTimer = new EndTimer(around.loop(), around::limits);
        this.registration = around.loop().register(fd, EventLoop.IN | EventLoop.RDHUP | EventLoop.ERR, this::ready);
        timers.idle();
    }

    // From the kernel

    /** After it is made: front ends send their request right behind the connection, and it is mostly there by now. */
    void begin() {
        ready(EventLoop.IN);
    }

    private void ready(int events) {
        try {
            if (phase == Phase.LINGERING && (events & EventLoop.HUP) != 0 && (events & EventLoop.ERR) == 0) {
                // Our own shutdown is one half of this hang-up. What is unread is still read off: closing on it
                // would take the answer from a peer that has only said that it sends no more.
                input();
                return;
            }
            if ((events & EventLoop.ERR) != 0 || (events & EventLoop.HUP) != 0) {
                // Both directions are gone: no answer can arrive any more.
                abandon("the front end closed the connection");
                return;
            }
            if ((events & EventLoop.OUT) != 0) {
                flush();
            }
            if ((events & EventLoop.IN) != 0 && phase != Phase.CLOSED) {
                input();
            } else if ((events & EventLoop.RDHUP) != 0 && phase != Phase.CLOSED) {
                hangUpWhilePaused();
            }
            interestMayChange();
        } catch (RuntimeException | Error e) {
            // Also where memory ran out: what this connection holds is given back.
            abandon("internal error");
            throw e;
        }
    }

    private void input() {
        for (int i = 0; i < READS_PER_TURN && phase != Phase.CLOSED && !inputEnded && !paused(); i++) {
            ByteBuffer bytes = around.shared().input();
            int count = around.shared().syscalls().read(fd, bytes);
            if (count == -Errno.EAGAIN) {
                return;
            }
            if (count < 0) {
                abandon("the front end's connection broke: " + Errno.words(-count));
                return;
            }
            if (count == 0) {
                endOfInput();
                return;
            }
            if (phase == Phase.OPEN) {
                parse(bytes.flip());
            }
            if (count < SharedBuffers.READ_SIZE) {
                return; // that was all for now: epoll tells of more
            }
        }
    }

    private void parse(ByteBuffer bytes) {
        if (reader.betweenRecords()) {
            recordNanos = around.loop().now();
        }
        try {
            reader.read(bytes);
        } catch (ProtocolException e) {
            failed(e.getMessage() == null ? "protocol error" : e.getMessage());
            return;
        }
        records.handleNew();
        if (phase == Phase.OPEN) {
            progress();
        }
    }

    private void progress() {
        if (!paramsMissing()) {
            timers.paramsComplete(requests.isEmpty());
            return;
        }
        long now = around.loop().now();
        timers.paramsMissing(requests.isEmpty() ? recordNanos : now - requests.longestWithoutParams(now));
    }

    private boolean paramsMissing() {
        return requests.isEmpty() ? !reader.betweenRecords() : requests.paramsMissing();
    }

    /**
     * The peer will send nothing more. On a Unix socket that is no news for requests that are complete: the peer may
     * have shut one direction only, and would show as HUP if it were gone. TCP does not tell the two apart.
     */
    private void endOfInput() {
        inputEnded = true;
        if (phase == Phase.LINGERING) {
            close();
            return;
        }
        if (phase == Phase.FLUSHING) {
            return; // the answer still goes out, and the connection closes behind it
        }
        boolean complete = around.unix() && reader.betweenRecords() && requests.liveInputComplete();
        if (!requests.anyLive()) {
            finishWriting();
        } else if (!complete) {
            abandon("the front end closed the connection");
        }
    }

    private void hangUpWhilePaused() {
        if (around.unix()) {
            inputEnded = false; // there is unread input before the end; reading will meet it
            registration.interest(registration.interest() & ~EventLoop.RDHUP);
        } else {
            abandon("the front end closed the connection");
        }
    }

    // From the records

    boolean open() {
        return phase == Phase.OPEN;
    }

    /** A request that cannot be taken. */
    void refuse(int id, boolean keep, ProtocolStatus why) {
        output.end(id, 0, why, false);
        flushTime.atTurnEnd();
        inputOwed = true;
        if (!keep && requests.isEmpty()) {
            finishWriting();
        }
    }

    /** The front end wants no answer any more. */
    void aborted(FastCgiExchange exchange) {
        output.end(exchange.requestId(), 0, ProtocolStatus.REQUEST_COMPLETE, true);
        flushTime.atTurnEnd();
        inputOwed |= !exchange.inputComplete() || exchange.mayBeSentMore();
        // Whoever aborts need not send the rest of the body: what still comes is for an unknown id and ignored.
        requestOver(exchange.keepsConnection());
    }

    /** Complete records that belong to no request. */
    void answerManagement(ByteBuffer records) {
        output.raw(records);
        flushTime.atTurnEnd();
    }

    // From the exchanges

    ConnectionOutput output() {
        return output;
    }

    ConnectionLimits limits() {
        return around.limits();
    }

    SharedBuffers shared() {
        return around.shared();
    }

    ParamsBudget.Share paramsBudget() {
        return around.params();
    }

    String peer() {
        return peer;
    }

    boolean carriesOthers(FastCgiExchange exchange) {
        return requests.anyLiveBut(exchange);
    }

    /** Part of an answer is in the output. */
    void outputBegun() {
        flushTime.soon();
    }

    private void flushNow() {
        flush();
        interestMayChange();
    }

    /** An exchange's last records are in the output. */
    void answered(FastCgiExchange exchange) {
        flushTime.atTurnEnd();
        decided(exchange);
        requestOver(exchange.keepsConnection());
    }

    private void decided(FastCgiExchange exchange) {
        inputOwed |= exchange.mayBeSentMore();
        requests.removeIfComplete(exchange);
    }

    private void requestOver(boolean keep) {
        if (phase != Phase.OPEN) {
            return;
        }
        if (requests.anyLive()) {
            lingerForBodies();
        } else if (!keep || inputEnded) {
            finishWriting();
        } else if (draining) {
            // The next one may be here already, and has been asked for in good faith.
            around.loop().atTurnEnd(this::drain);
        } else if (requests.isEmpty()) {
            progress();
        } else {
            linger();
        }
    }

    /** An answer stays incomplete, and the front end shall see it. */
    void cut(FastCgiExchange exchange) {
        boolean others = carriesOthers(exchange);
        decided(exchange);
        if (others) {
            output.end(exchange.requestId(), 1, ProtocolStatus.REQUEST_COMPLETE, true);
            flushTime.atTurnEnd();
            lingerForBodies();
            return;
        }
        output.breakVisibly();
        finishWriting();
    }

    void failed(String why) {
        around.events().peerFailed(peer, why);
        abandon(why);
    }

    private void timedOut(String why) {
        if (paramsMissing()) {
            around.events().peerFailed(peer, why);
        }
        abandon(why);
    }

    // The end

    /**
     * The pool takes no more: an idle connection ends now, a busy one with its last answer. What is here of a request is
     * read first.
     */
    void drain() {
        draining = true;
        if (phase == Phase.OPEN && !requests.anyLive()) {
            ready(EventLoop.IN);
            endUnlessBusy();
        }
    }

    /** Before {@link #begin}: it ends with the answer to the first request, whatever the front end thinks of it. */
    void onlyOnce() {
        draining = true;
    }

    /** Whether an answer is owed, or a request has begun to come. */
    boolean busy() {
        return phase == Phase.OPEN && (requests.anyLive() || (requests.isEmpty() && !reader.betweenRecords()));
    }

    private void endUnlessBusy() {
        if (phase == Phase.OPEN && !busy()) {
            finishWriting();
            interestMayChange();
        }
    }

    private void finishWriting() {
        if (phase == Phase.OPEN) {
            phase = Phase.FLUSHING;
            timers.cancel();
            endTimer.untilTaken(() -> failed("connection_idle_timeout: it does not take the answer"));
            flushTime.atTurnEnd();
        }
    }

    /** The answer is decided; what the front end still sends of its request is read off, for a while. */
    private void linger() {
        if (around.limits().lingerTimeoutNanos() == 0) {
            finishWriting();
        } else {
            endTimer.untilReadOff(this::lingeredLongEnough);
        }
    }

    /** Others live on the connection: the bodies of those that are answered are waited for beside them. */
    private void lingerForBodies() {
        if (around.limits().lingerTimeoutNanos() == 0) {
            forgetAnswered();
        } else if (requests.anyAnswered()) {
            linger();
        }
    }

    /** What still comes of their bodies is for unknown ids and ignored. */
    private void forgetAnswered() {
        inputOwed |= requests.forgetAnswered();
    }

    private void lingeredLongEnough() {
        if (phase == Phase.OPEN && requests.anyLive()) {
            forgetAnswered();
        } else if (phase == Phase.OPEN && output.pending() > 0) {
            finishWriting();
        } else {
            abandon("linger_timeout");
        }
    }

    /** A request is new, or has all of its input. */
    void cancelLinger() {
        if (phase == Phase.OPEN && !requests.anyAnswered()) {
            endTimer.cancel();
        }
    }

    private void flush() {
        if (phase == Phase.CLOSED) {
            return;
        }
        int before = output.pending();
        int result = output.flush();
        if (result < 0) {
            abandon("the front end does not take the answer: " + Errno.words(-result));
            return;
        }
        if (output.pending() < before) {
            endTimer.taken();
            timers.wrote();
        }
        if (phase == Phase.FLUSHING && output.pending() == 0) {
            shutOrClose();
        } else if (phase == Phase.OPEN && output.room() > 0) {
            requests.roomAgain();
        }
    }

    private void shutOrClose() {
        boolean everythingRead = reader.betweenRecords() && !inputOwed && requests.inputComplete();
        endTimer.cancel();
        if (inputEnded || everythingRead || around.limits().lingerTimeoutNanos() == 0) {
            close();
        } else {
            phase = Phase.LINGERING;
            around.shared().syscalls().shutdownWrite(fd);
            linger();
        }
    }

    private boolean paused() {
        if (phase != Phase.OPEN) {
            return false;
        }
        return output.pending() > OUTPUT_PAUSES_INPUT || requests.anyWantsPause();
    }

    void interestMayChange() {
        if (phase == Phase.CLOSED) {
            return;
        }
        // Never nothing: a hang-up, which epoll tells of unasked, is an abort also while nothing is read.
        int wanted = EventLoop.ERR;
        if (!inputEnded) {
            wanted |= paused() ? registration.interest() & EventLoop.RDHUP : EventLoop.IN | EventLoop.RDHUP;
        }
        if (output.pending() > 0 && !flushTime.planned()) {
            wanted |= EventLoop.OUT;
        }
        registration.interest(wanted);
    }

    private void abandon(String why) {
        if (phase != Phase.CLOSED) {
            close();
            requests.abortAll(why);
        }
    }

    private void close() {
        phase = Phase.CLOSED;
        timers.cancel();
        flushTime.cancel();
        endTimer.cancel();
        registration.closeWithDescriptor();
        output.clear();
        around.shared().syscalls().closeConnection(fd);
        around.closed().closed(this);
    }
}
