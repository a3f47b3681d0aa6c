package org.cgifpm.daemon.status.page;

import java.util.List;
import java.util.function.Consumer;
import org.cgifpm.daemon.status.PoolReport;
import org.cgifpm.daemon.status.RunningReport;

/** What the pages of one pool want to know. Loop thread; nothing here waits. */
public interface PoolView {
    /** How it is doing now. */
    PoolReport report();

    /**
     * Its requests that have their process, the oldest first.
     *
     * @param told once, soon, on the loop thread
     */
    void running(Consumer<List<RunningReport>> told);
}
