package org.cgifpm.adapters.frontend;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one connection whose input or answer is not complete, by their FastCGI id. Those that are answered
 * stay until the rest of their input has come. Loop thread only.
 */
final class OpenRequests {
    private final Map<Integer, FastCgiExchange> byId = new HashMap<>(2);

    @Nullable
    FastCgiExchange get(int id) {
        return byId.get(id);
    }

    void put(int id, FastCgiExchange exchange) {
        byId.put(id, exchange);
    }

    @Nullable
    FastCgiExchange remove(int id) {
        return byId.remove(id);
    }

    /** Its answer is decided: nothing more is to come of it if its input has ended too. */
    void removeIfComplete(FastCgiExchange exchange) {
        if (exchange.inputComplete()) {
            byId.remove(exchange.requestId(), exchange);
        }
    }

    boolean isEmpty() {
        return byId.isEmpty();
    }

    int size() {
        return byId.size();
    }

    /** Whether any still waits for its answer. */
    boolean anyLive() {
        return anyLiveBut(null);
    }

    boolean anyLiveBut(@Nullable FastCgiExchange exchange) {
        for (FastCgiExchange other : byId.values()) {
            if (other != exchange && !other.done()) {
                return true;
            }
        }
        return false;
    }

    /** Whether any is answered and still has input to come. */
    boolean anyAnswered() {
        for (FastCgiExchange exchange : byId.values()) {
            if (exchange.done()) {
                return true;
            }
        }
        return false;
    }

    boolean paramsMissing() {
        for (FastCgiExchange exchange : byId.values()) {
            if (!exchange.paramsComplete()) {
                return true;
            }
        }
        return false;
    }

    /** How long the oldest request has been waiting for the rest of its params, in nanoseconds. */
    long longestWithoutParams(long now) {
        long longest = 0;
        for (FastCgiExchange exchange : byId.values()) {
            if (!exchange.paramsComplete()) {
                longest = Math.max(longest, now - exchange.begunNanos());
            }
        }
        return longest;
    }

    boolean inputComplete() {
        for (FastCgiExchange exchange : byId.values()) {
            if (!exchange.inputComplete()) {
                return false;
            }
        }
        return true;
    }

    /** Whether all that still wait for their answers have all of their input. */
    boolean liveInputComplete() {
        for (FastCgiExchange exchange : byId.values()) {
            if (!exchange.done() && !exchange.inputComplete()) {
                return false;
            }
        }
        return true;
    }

    boolean anyWantsPause() {
        for (FastCgiExchange exchange : byId.values()) {
            if (exchange.wantsPause()) {
                return true;
            }
        }
        return false;
    }

    /** Lets go of those that are answered; true if there were any. */
    boolean forgetAnswered() {
        return byId.values().removeIf(FastCgiExchange::done);
    }

    void roomAgain() {
        for (FastCgiExchange exchange : List.copyOf(byId.values())) {
            exchange.roomAgain();
        }
    }

    void abortAll(String why) {
        List<FastCgiExchange> aborted = List.copyOf(byId.values());
        byId.clear();
        aborted.forEach(exchange -> exchange.abort(why));
    }
}
