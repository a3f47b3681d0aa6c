package org.cgifpm.adapters.backend.process;

/** What there is to tell an administrator about a pool's kept processes. Loop thread. */
public interface KeptEvents {
    /** They come and go. */
    void info(String line);

    /** Somebody should look at it. */
    void warning(String line);
}
