package org.cgifpm.adapters.frontend;

import java.nio.ByteBuffer;
import org.cgifpm.adapters.RequestBody;
import org.cgifpm.protocol.fastcgi.ProtocolException;
import org.cgifpm.protocol.fastcgi.Role;
import org.jspecify.annotations.Nullable;

/**
 * What comes of one request beside its params, by its role (FastCGI 1.0, 6.2 to 6.4): STDIN of a responder, nothing of
 * an authorizer, STDIN and behind it DATA of a filter. Loop thread only.
 *
 * <p>Ignored: what a front end sends of a stream that its request's role has not (some end the STDIN of an authorizer).
 * Refused: DATA before the end of STDIN, bytes behind a stream's end.
 */
final class RequestInput {
    /** Who is told of it. */
    interface Owner extends BodyQueue.Owner {
        /** All streams have ended. At most once; never of an authorizer, whose input was complete from the start. */
        void inputReceived();

        /** One of the streams is longer than {@code request_body_max}: both are thrown away. At most once. */
        void inputTooLarge();
    }

    private final Owner owner;
    private final int requestId;
    private final Role role;
    private final long max;
    private final BodyQueue body;
    private final @Nullable BodyQueue data;
    private boolean refused;
    private boolean stdinOver;

    RequestInput(Owner owner, int requestId, Role role, ConnectionLimits limits, SharedBuffers shared) {
        this.owner = owner;
        this.requestId = requestId;
        this.role = role;
        this.max = limits.requestBodyMax();
        this.body = new BodyQueue(owner, shared, limits.spoolFolder());
        this.data = role == Role.FILTER ? new BodyQueue(owner, shared, limits.spoolFolder()) : null;
        if (role == Role.AUTHORIZER) {
            body.ended();
        }
    }

    Role role() {
        return role;
    }

    RequestBody body() {
        return body;
    }

    @Nullable
    RequestBody data() {
        return data;
    }

    /** The params say that STDIN will be empty. */
    void declareNoBody() {
        if (role != Role.AUTHORIZER) {
            body.declareNone();
        }
    }

    void stdin(ByteBuffer piece) throws ProtocolException {
        if (role == Role.AUTHORIZER) {
            return;
        }
        if (body.hasEnded()) {
            throw new ProtocolException("STDIN of request " + requestId + " after its end");
        }
        arrived(body, piece);
    }

    void stdinEnd() {
        stdinOver = true;
        if (!body.hasEnded()) {
            ended(body);
        }
    }

    void data(ByteBuffer piece) throws ProtocolException {
        BodyQueue queue = data;
        if (queue == null) {
            return;
        }
        stdinMustHaveEnded();
        if (queue.hasEnded()) {
            throw new ProtocolException("DATA of request " + requestId + " after its end");
        }
        arrived(queue, piece);
    }

    void dataEnd() throws ProtocolException {
        BodyQueue queue = data;
        if (queue != null) {
            stdinMustHaveEnded();
            if (!queue.hasEnded()) {
                ended(queue);
            }
        }
    }

    /**
     * Whoever answers takes STDIN first, as the specification orders them (FastCGI 1.0, 6.4). Would DATA be kept for it
     * meanwhile, a connection that is paused for it could have the end of STDIN behind it.
     */
    private void stdinMustHaveEnded() throws ProtocolException {
        if (!body.hasEnded()) {
            throw new ProtocolException("DATA of request " + requestId + " before the end of its STDIN");
        }
    }

    private void arrived(BodyQueue queue, ByteBuffer piece) {
        queue.arrived(piece);
        if (queue.received() > max && !refused) {
            refused = true;
            discard();
            owner.inputTooLarge();
        }
    }

    private void ended(BodyQueue queue) {
        queue.ended();
        if (complete()) {
            owner.inputReceived();
        }
    }

    /** True once nothing more of it is to come that is needed. */
    boolean complete() {
        return body.hasEnded() && (data == null || data.hasEnded());
    }

    /** True while a front end may still send what nobody needs: the end of an authorizer's STDIN. */
    boolean mayBeSentMore() {
        return role == Role.AUTHORIZER && !stdinOver;
    }

    /** True if {@link Owner#inputTooLarge} has been told. */
    boolean refused() {
        return refused;
    }

    boolean wantsPause() {
        return body.wantsPause() || (data != null && data.wantsPause());
    }

    /** Nobody wants it any more. */
    void discard() {
        body.discard();
        if (data != null) {
            data.discard();
        }
    }
}
