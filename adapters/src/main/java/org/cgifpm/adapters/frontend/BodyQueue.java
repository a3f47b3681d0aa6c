package org.cgifpm.adapters.frontend;

import java.nio.ByteBuffer;
import org.cgifpm.adapters.BodySink;
import org.cgifpm.adapters.RequestBody;
import org.cgifpm.adapters.buffers.ByteQueue;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;
import org.jspecify.annotations.Nullable;

/**
 * A request body between the connection it arrives on and the sink that takes it. Loop thread only.
 *
 * <p>What arrives is offered to the sink at once; the rest is kept, up to {@link ConnectionLimits#BODY_MEMORY} and one
 * read of the connection in memory. Beyond that the connection pauses ({@link #wantsPause}), or, if it may carry other
 * requests, the bytes go to a {@link SpoolFile}. A body that is read in first ({@link #buffer}) never pauses its
 * connection and takes {@link ConnectionLimits#BUFFERED_BODY_MEMORY} of memory at the most.
 */
final class BodyQueue implements RequestBody {
    /** What the connection does for its bodies. */
    interface Owner {
        /** True if the connection must go on reading whatever this body does: others may be behind it. */
        boolean mustNotPause();

        /** {@link #wantsPause} may have changed. */
        void bodyMoved();

        /** The spool file failed; the request cannot go on. */
        void spoolFailed(SyscallException why);
    }

    private final Owner owner;
    private final Syscalls syscalls;
    private final SharedBuffers shared;
    private final String spoolFolder;
    private final ByteQueue kept;
    private @Nullable SpoolFile spool;
    private @Nullable BodySink sink;
    /** Who waits for the whole body, until it is there. */
    private @Nullable Runnable complete;

    private boolean declared = true;
    private boolean ended;
    private boolean endTold;
    private boolean discarding;
    private long received;

    BodyQueue(Owner owner, SharedBuffers shared, String spoolFolder) {
        this.owner = owner;
        this.syscalls = shared.syscalls();
        this.shared = shared;
        this.spoolFolder = spoolFolder;
        this.kept = new ByteQueue(shared.pool());
    }

    /** The request says that it has no body: whatever comes is thrown away. */
    void declareNone() {
        declared = false;
        discard();
    }

    void arrived(ByteBuffer piece) {
        received += piece.remaining();
        if (discarding) {
            return;
        }
        if (sink != null && kept.isEmpty() && spool == null) {
            sink.take(piece);
        }
        if (piece.hasRemaining() && !discarding) {
            keep(piece);
        }
    }

    private void keep(ByteBuffer piece) {
        try {
            if (spool == null && complete != null) {
                spoolKept(piece.remaining());
            } else if (spool == null && kept.size() >= ConnectionLimits.BODY_MEMORY && owner.mustNotPause()) {
                spool = new SpoolFile(syscalls, spoolFolder);
            }
            if (spool != null) {
                spool.add(piece);
            } else {
                kept.add(piece);
            }
        } catch (SyscallException e) {
            discard();
            owner.spoolFailed(e);
        }
    }

    /** Moves all that is kept to a file if it would be too much for a body that is read in first. */
    private void spoolKept(int more) throws SyscallException {
        if (kept.size() + more > ConnectionLimits.BUFFERED_BODY_MEMORY) {
            SpoolFile file = new SpoolFile(syscalls, spoolFolder);
            spool = file;
            while (!kept.isEmpty()) {
                ByteBuffer chunk = kept.first();
                int count = chunk.remaining();
                file.add(chunk);
                kept.took(count);
            }
        }
    }

    @Override
    public void buffer(Runnable whole) {
        if (ended || !declared) {
            whole.run();
        } else if (!discarding) {
            complete = whole;
            try {
                spoolKept(0);
            } catch (SyscallException e) {
                discard();
                owner.spoolFailed(e);
            }
            owner.bodyMoved();
        }
    }

    void ended() {
        ended = true;
        Runnable told = complete;
        complete = null;
        if (told != null) {
            told.run();
        }
        deliver();
    }

    @Override
    public boolean hasEnded() {
        return ended;
    }

    /** True while no more should be read from the connection for this body's sake. */
    boolean wantsPause() {
        return kept.size() >= ConnectionLimits.BODY_MEMORY
                && spool == null
                && complete == null
                && !owner.mustNotPause();
    }

    /** Bytes that wait in memory. */
    int inMemory() {
        return kept.size();
    }

    @Override
    public boolean expected() {
        return declared && !(ended && received == 0);
    }

    @Override
    public void sink(BodySink receiver) {
        sink = receiver;
        resume();
    }

    @Override
    public void resume() {
        deliver();
        owner.bodyMoved();
    }

    private void deliver() {
        BodySink to = sink;
        if (to == null || discarding) {
            return;
        }
        try {
            if (takeKept(to) && takeSpooled(to) && ended && !endTold && !discarding) {
                endTold = true;
                to.end();
            }
        } catch (SyscallException e) {
            discard();
            owner.spoolFailed(e);
        }
    }

    private boolean takeKept(BodySink to) {
        while (!kept.isEmpty()) {
            ByteBuffer chunk = kept.first();
            int before = chunk.remaining();
            to.take(chunk);
            if (kept.isEmpty()) {
                return false; // the sink discarded everything
            }
            kept.took(before - chunk.remaining());
            if (chunk.hasRemaining()) {
                return false;
            }
        }
        return true;
    }

    private boolean takeSpooled(BodySink to) throws SyscallException {
        SpoolFile file = spool;
        if (file == null) {
            return true;
        }
        while (!file.isEmpty()) {
            ByteBuffer chunk = shared.spooled();
            file.peek(chunk);
            chunk.flip();
            int before = chunk.remaining();
            to.take(chunk);
            if (spool == null) {
                return false; // the sink discarded everything
            }
            file.took(before - chunk.remaining());
            if (chunk.hasRemaining()) {
                return false;
            }
        }
        // From here on straight to the sink again: it waits for bytes now, and asks for none.
        file.close();
        spool = null;
        return true;
    }

    @Override
    public void discard() {
        discarding = true;
        sink = null;
        complete = null;
        kept.clear();
        if (spool != null) {
            spool.close();
            spool = null;
        }
        owner.bodyMoved();
    }

    @Override
    public long received() {
        return received;
    }
}
