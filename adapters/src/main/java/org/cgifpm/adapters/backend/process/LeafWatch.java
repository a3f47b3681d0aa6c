package org.cgifpm.adapters.backend.process;

import org.cgifpm.adapters.os.CgroupLeaf;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.Registration;
import org.cgifpm.adapters.os.SyscallException;
import org.jspecify.annotations.Nullable;

/** Waits until nobody lives in a control group, and says so once. Loop thread only. */
public final class LeafWatch {
    private static final long AGAIN_MILLIS = 50;

    private final EventLoop loop;
    private final CgroupLeaf leaf;
    private final Runnable empty;
    private @Nullable Registration events;
    private boolean said;

    public LeafWatch(EventLoop loop, CgroupLeaf leaf, Runnable empty) {
        this.loop = loop;
        this.leaf = leaf;
        this.empty = empty;
    }

    /** Looks now, and from then on whenever the kernel says that it may have become empty. */
    public void look() {
        if (said) {
            return;
        }
        if (leaf.populated()) {
            watch();
            return;
        }
        said = true;
        if (events != null) {
            events.close();
            events = null;
        }
        empty.run();
    }

    private void watch() {
        if (events != null) {
            return;
        }
        try {
            events = loop.register(leaf.events(), EventLoop.PRI, ready -> look());
        } catch (SyscallException e) {
            loop.schedule(AGAIN_MILLIS * EventLoop.MILLIS, this::look); // no room to watch it
        }
    }
}
