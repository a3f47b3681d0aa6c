package org.cgifpm.adapters.backend.worker;

import java.util.ArrayList;
import java.util.List;
import org.cgifpm.adapters.backend.process.KeptProcess;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Timer;

/**
 * What a worker was given up on and may still be at: it is trusted again once it accepts another connection, and nothing
 * is left of it once it has ended. Loop thread only.
 */
final class Recovery {
    /** What the worker hears. */
    interface Events {
        /** It has one request less to do. */
        void relieved();

        /** No connection to it can be had although it lives. */
        void unreachable(SyscallException why);

        /** Long after the connection of a request broke it has not accepted another. */
        void acceptsNoMore();
    }

    private final KeptProcess process;
    private final WorkerConnections connections;
    private final Events events;
    private final EventLoop loop;
    private final long patienceNanos;
    private final List<RelayRequest> requests = new ArrayList<>(0);
    /** One for each broken connection: what it carried has its answer, and nobody else would ever ask. */
    private final List<Timer> patience = new ArrayList<>(0);

    /** @param patienceNanos how long a worker may take to accept after a connection of it broke */
    Recovery(EventLoop loop, long patienceNanos, KeptProcess process, WorkerConnections connections, Events events) {
        this.loop = loop;
        this.patienceNanos = patienceNanos;
        this.process = process;
        this.connections = connections;
        this.events = events;
    }

    /** A request was given up; its connection is closed. */
    void of(RelayRequest request) {
        requests.add(request);
        if (process.lives()) {
            reconnect(() -> recovered(request));
        } else {
            ended();
        }
    }

    /** The connection of a request broke. Whether the worker is still there is seen by whether it accepts another. */
    void ofLost() {
        Timer timer = loop.schedule(patienceNanos, events::acceptsNoMore);
        patience.add(timer);
        reconnect(() -> {
            timer.cancel();
            patience.remove(timer);
            events.relieved();
        });
    }

    private void reconnect(Runnable accepted) {
        if (!process.lives()) {
            return; // its end is known, and tells more
        }
        try {
            connections.connect();
            connections.whenAccepted(accepted);
        } catch (SyscallException e) {
            events.unreachable(e);
        }
    }

    /** The worker is not waited for because of that one any more. */
    void forget(RelayRequest request) {
        requests.remove(request);
    }

    /** The worker has ended: nothing of what it was given up on is left. */
    void ended() {
        patience.forEach(Timer::cancel);
        patience.clear();
        for (RelayRequest request : List.copyOf(requests)) {
            recovered(request);
        }
    }

    private void recovered(RelayRequest request) {
        if (requests.remove(request)) {
            request.recovered();
            events.relieved();
        }
    }
}
