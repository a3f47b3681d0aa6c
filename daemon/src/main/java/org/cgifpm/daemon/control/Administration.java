package org.cgifpm.daemon.control;

import java.util.List;
import java.util.function.Consumer;
import org.cgifpm.daemon.status.DaemonReport;
import org.cgifpm.daemon.status.RunningReport;

/**
 * What can be asked of a running daemon, whoever asks: the control socket, a signal, a status page. Everything is called,
 * and answered, on the loop thread; nothing here waits.
 */
public interface Administration {
    /** How it is doing now. */
    DaemonReport report();

    /**
     * The requests that have their process, the oldest first.
     *
     * @param told once, soon: what they use is looked up on another thread
     */
    void running(Consumer<List<RunningReport>> told);

    /**
     * Reads the configuration again and makes it the one in force, or, if anything is wrong with it, leaves everything as
     * it is.
     *
     * @param told once, when it is in force or refused; what ran under the old settings may still be running
     */
    void reload(Consumer<ReloadResult> told);

    /**
     * Takes no more requests and ends.
     *
     * @param atOnce without waiting for what runs; also after a first call that waits
     */
    void stop(boolean atOnce);

    /** Opens all log files anew, by their names. */
    void reopenLogs();

    /**
     * Has a pool take no more requests; its socket is closed, so that a front end goes elsewhere. What it has goes on to
     * its end. A reload brings the pool back.
     *
     * @param told once, when nothing of it is left; with the reason if it cannot be done, else with ""
     */
    void drain(String pool, Consumer<String> told);

    /** Ends one request, TERM first and KILL after {@code kill_grace}; false if there is none of that number. */
    boolean kill(long id);

    /** Ends all requests that run as that user, as {@link #kill} does; how many there were. */
    int killUser(int uid);
}
