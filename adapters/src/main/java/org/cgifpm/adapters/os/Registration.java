package org.cgifpm.adapters.os;

import org.jspecify.annotations.Nullable;

/**
 * A descriptor that the loop waits on. Loop thread only.
 *
 * <p>With no interest it is taken out of epoll altogether, because epoll reports a hang-up whether one asks or not and
 * a paused descriptor would spin. Close it before the descriptor: a closed one may stay alive in epoll as long as a
 * child that is being started holds a copy of it.
 */
public final class Registration {
    private final EventLoop loop;
    final int fd;
    final int slot;
    final EventLoop.Ready handler;
    /** What the owner wants to be told of. */
    private int interest;
    /** What the kernel tells of; another thing only while it has no room. */
    private int watched;

    private @Nullable Timer again;
    private boolean closed;

    Registration(EventLoop loop, int fd, int slot, EventLoop.Ready handler) {
        this.loop = loop;
        this.fd = fd;
        this.slot = slot;
        this.handler = handler;
    }

    /** What the kernel watches for now; told by the loop that made it. */
    void watched(int events) {
        watched = events;
        interest = events;
    }

    /**
     * Waits for these events from now on: {@link EventLoop#IN}, {@link EventLoop#OUT}, {@link EventLoop#RDHUP}, or 0.
     * Where the kernel has no room to watch a descriptor that was paused, it is asked again a little later: the caller is
     * in the middle of something and could do no better.
     */
    public void interest(int wanted) {
        if (!closed && wanted != interest) {
            interest = wanted;
            askKernel();
        }
    }

    private void askKernel() {
        if (again != null) {
            again.cancel();
            again = null;
        }
        if (interest == watched) {
            return;
        }
        if (loop.change(this, watched, interest)) {
            watched = interest;
        } else {
            again = loop.schedule(EventLoop.ASK_AGAIN_MILLIS * EventLoop.MILLIS, this::askKernel);
        }
    }

    public int interest() {
        return interest;
    }

    /** Forgets the descriptor; events of this turn that were not handed over yet are dropped. */
    public void close() {
        if (!closed) {
            interest(0);
            closed = true;
            loop.forget(this);
        }
    }

    /**
     * As {@link #close}, for a descriptor that is closed right afterwards: the kernel forgets it by itself then, unless a
     * process that is being started holds a copy.
     */
    public void closeWithDescriptor() {
        if (!closed && !loop.copiesExist()) {
            if (again != null) {
                again.cancel();
                again = null;
            }
            closed = true;
            loop.forget(this);
        } else {
            close();
        }
    }

    boolean isClosed() {
        return closed;
    }
}
