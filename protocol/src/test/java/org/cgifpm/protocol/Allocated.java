package org.cgifpm.protocol;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/** Counts what a piece of code allocates on this thread. */
public final class Allocated {
    /** Code that may throw what readers throw. */
    public interface Code {
        void run() throws IOException;
    }

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocated() {}

    /** Bytes that {@code code} allocates, in its second run: the first loads its classes. */
    public static long by(Code code) throws IOException {
        code.run();
        long before = THREADS.getCurrentThreadAllocatedBytes();
        code.run();
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
