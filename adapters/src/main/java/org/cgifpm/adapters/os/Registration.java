package org.cgifpm.adapters.os;

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
    private int interest;
    private boolean closed;

    Registration(EventLoop loop, int fd, int slot, EventLoop.Ready handler) {
        this.loop = loop;
        this.fd = fd;
        this.slot = slot;
        this.handler = handler;
    }

    /** Waits for these events from now on: {@link EventLoop#IN}, {@link EventLoop#OUT}, {@link EventLoop#RDHUP}, or 0. */
    public void interest(int wanted) {
        if (!closed && wanted != interest) {
            loop.change(this, interest, wanted);
            interest = wanted;
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

    boolean isClosed() {
        return closed;
    }
}
