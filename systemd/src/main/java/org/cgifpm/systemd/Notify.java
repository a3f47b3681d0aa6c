package org.cgifpm.systemd;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Tells the service manager how the daemon is doing: sd_notify(3). Does nothing where $NOTIFY_SOCKET is not set.
 *
 * <p>No call throws: a service manager that does not listen must not stop the daemon. What went wrong goes to the
 * complaints given at construction. Call from one thread.
 */
public final class Notify {
    private final String socket;
    private final Datagrams datagrams;
    private final Consumer<String> complaints;

    /**
     * Reads NOTIFY_SOCKET; complains at once about one of a kind that this program cannot reach.
     *
     * @param complaints takes one line of text for the log
     */
    public Notify(Map<String, String> environment, Datagrams datagrams, Consumer<String> complaints) {
        String name = environment.getOrDefault("NOTIFY_SOCKET", "");
        boolean reachable = name.length() > 1 && (name.charAt(0) == '/' || name.charAt(0) == '@');
        if (!name.isEmpty() && !reachable) {
            complaints.accept("NOTIFY_SOCKET is \"" + name + "\": neither an absolute path nor an abstract socket");
        }
        this.socket = reachable ? name : "";
        this.datagrams = datagrams;
        this.complaints = complaints;
    }

    /** Whether there is a service manager that listens; without one every other call does nothing. */
    public boolean listened() {
        return !socket.isEmpty();
    }

    /** The sockets listen: units that wait for this one may start. After {@link #reloading} the reload is over. */
    public void ready() {
        send("READY=1");
    }

    /**
     * The configuration is being read again; {@link #ready} has to follow, whatever comes of it.
     *
     * @param monotonicNanos the time now on CLOCK_MONOTONIC, which is what {@link System#nanoTime} reads on Linux;
     *     Type=notify-reload compares it with the moment of its own request
     */
    public void reloading(long monotonicNanos) {
        send("RELOADING=1\nMONOTONIC_USEC=" + monotonicNanos / 1000);
    }

    /** The daemon is not stuck; to be said more often than every {@link WatchdogInterval}'s double. */
    public void watchdog() {
        send("WATCHDOG=1");
    }

    /** The daemon has begun to stop. */
    public void stopping() {
        send("STOPPING=1");
    }

    /** One line for {@code systemctl status}; line breaks in it become spaces, since each line is an assignment. */
    public void status(String line) {
        send("STATUS=" + line.replace('\n', ' ').replace('\r', ' '));
    }

    private void send(String state) {
        if (socket.isEmpty()) {
            return;
        }
        try {
            datagrams.send(socket, state.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            complaints.accept("cannot tell the service manager " + state.replace('\n', ' ') + ": " + e.getMessage());
        }
    }
}
