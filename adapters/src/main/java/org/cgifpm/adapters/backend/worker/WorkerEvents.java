package org.cgifpm.adapters.backend.worker;

/** What there is to tell an administrator about a pool's workers. Loop thread. */
public interface WorkerEvents {
    /** Workers come and go. */
    void info(String line);

    /** Somebody should look at it. */
    void warning(String line);
}
