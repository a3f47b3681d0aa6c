package org.cgifpm.adapters.frontend;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import org.cgifpm.protocol.cgi.Params;
import org.cgifpm.protocol.fastcgi.NameValueLimitException;
import org.cgifpm.protocol.fastcgi.NameValueReader;
import org.cgifpm.protocol.fastcgi.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * The params of one request as they come in, within their limits and what all requests together may take. Loop thread
 * only. What they hold of the budget is theirs until {@link #release}.
 */
final class RequestParams {
    private final int requestId;
    private final ParamsBudget.Share budget;
    private final Params params = new Params();
    /** Null once they have ended: it holds as much as the longest of them. */
    private @Nullable NameValueReader pairs = new NameValueReader(
            new NameValueReader.Limits(ConnectionLimits.MAX_PARAMS, ConnectionLimits.MAX_PARAMS_BYTES), this::pair);

    private @Nullable IOException incomplete;
    private long held;

    RequestParams(int requestId, ParamsBudget.Share budget) {
        this.requestId = requestId;
        this.budget = budget;
    }

    void arrived(ByteBuffer piece) throws ProtocolException {
        NameValueReader reader = pairs;
        if (reader == null) {
            throw new ProtocolException("PARAMS of request " + requestId + " after their end");
        }
        if (incomplete == null) {
            try {
                take(piece.remaining());
                reader.read(piece);
            } catch (NameValueLimitException | ParamsBudget.ExhaustedException e) {
                incomplete = e;
            }
        }
    }

    private void pair(String name, String value) {
        if (incomplete == null) {
            try {
                take(ParamsBudget.PAIR_BYTES);
                params.add(name, value);
            } catch (ParamsBudget.ExhaustedException e) {
                incomplete = e;
            }
        }
    }

    private void take(int bytes) throws ParamsBudget.ExhaustedException {
        budget.take(bytes);
        held += bytes;
    }

    void end() throws ProtocolException {
        NameValueReader reader = pairs;
        if (reader == null) {
            throw new ProtocolException("PARAMS of request " + requestId + " ended twice");
        }
        if (incomplete == null) {
            reader.end();
        }
        pairs = null;
    }

    boolean ended() {
        return pairs == null;
    }

    /** Those that were read so far. */
    Params params() {
        return params;
    }

    /** The limit that they broke, or null: then all of them are here once they have ended. */
    @Nullable
    IOException incomplete() {
        return incomplete;
    }

    /** A GET without a length has no body (RFC 9110, 9.3.1), so its script gets /dev/null before STDIN has ended. */
    boolean declareNoBody() {
        String length = params.getOrEmpty("CONTENT_LENGTH");
        if (!length.isEmpty() && !length.equals("0")) {
            return false;
        }
        String method = params.getOrEmpty("REQUEST_METHOD").toUpperCase(Locale.ROOT);
        boolean usuallyWithout = method.equals("GET") || method.equals("HEAD") || length.equals("0");
        return usuallyWithout && params.getOrEmpty("HTTP_TRANSFER_ENCODING").isEmpty();
    }

    /** The request is over: others may have their share of the budget. */
    void release() {
        budget.release(held);
        held = 0;
    }
}
