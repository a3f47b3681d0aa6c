package org.cgifpm.daemon.wiring;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.daemon.status.DaemonReport;
import org.cgifpm.daemon.status.PoolReport;
import org.cgifpm.systemd.Notify;

/**
 * Keeps the service manager told: ready, reloading, stopping, one line of figures, and that the loop still turns. Loop
 * thread only, {@link #ready} included; does nothing where nobody listens.
 *
 * <p>The watchdog is a timer of the loop itself, so that a loop that is stuck is heard of no more and the service manager
 * ends it. Figures are told every {@link #STATUS_SECONDS} seconds while they change. A daemon at rest is not woken for
 * them: it looks again when it is woken for the watchdog, or when {@link #worked} says that there was something.
 */
final class ServiceManager {
    /** How often figures are told. */
    static final int STATUS_SECONDS = 10;

    /** What the line is made of. */
    record Figures(long requests, int active, int queued) {
        static Figures of(DaemonReport report) {
            long requests = 0;
            int queued = 0;
            for (PoolReport pool : report.pools()) {
                requests += pool.counters().requests();
                queued += pool.waiting();
            }
            return new Figures(requests, report.active(), queued);
        }
    }

    private final EventLoop loop;
    private final Notify notify;
    private final Optional<Duration> watchdog;
    private final Supplier<Figures> figures;
    private final long statusNanos;
    private Figures told = new Figures(0, 0, 0);
    private String line = "";
    /** Why the last reload changed nothing; empty if it did. */
    private String refused = "";

    private long toldAt;
    private boolean looking;
    private boolean stopping;

    /**
     * @param watchdog how often it is said that the loop turns; empty: nobody waits for it
     * @param figures what to tell; asked on the loop thread
     */
    ServiceManager(EventLoop loop, Notify notify, Optional<Duration> watchdog, Supplier<Figures> figures) {
        this(loop, notify, watchdog, figures, Duration.ofSeconds(STATUS_SECONDS));
    }

    /** As the other; {@code status} stands for {@link #STATUS_SECONDS}. */
    ServiceManager(
            EventLoop loop, Notify notify, Optional<Duration> watchdog, Supplier<Figures> figures, Duration status) {
        this.loop = loop;
        this.notify = notify;
        this.watchdog = notify.listened() ? watchdog : Optional.empty();
        this.figures = figures;
        this.statusNanos = status.toNanos();
    }

    /** The sockets listen. Once, before the loop runs or on it. */
    void ready() {
        if (!notify.listened()) {
            return;
        }
        notify.ready();
        told = figures.get();
        toldAt = loop.now();
        tell(told);
        watchdog.ifPresent(this::turning);
    }

    /** A reload has begun; {@link #reloaded} has to follow, whatever comes of it. */
    void reloading() {
        notify.reloading(System.nanoTime());
    }

    /**
     * A reload is over.
     *
     * @param refusal why the old configuration stays in force, told until the next reload; empty: the new one is
     */
    void reloaded(String refusal) {
        if (!notify.listened()) {
            return;
        }
        refused = refusal;
        // Before READY, which may be what "systemctl reload" waits for.
        tell(figures.get());
        notify.ready();
    }

    /** The daemon has begun to stop. Once. */
    void stopping() {
        stopping = true;
        notify.stopping();
        notify.status("stopping");
    }

    /** There was a request: it is told of within {@link #STATUS_SECONDS} seconds. Cheap: for every request. */
    void worked() {
        if (!looking && notify.listened()) {
            lookIn(toldAt + statusNanos - loop.now());
        }
    }

    private void turning(Duration interval) {
        notify.watchdog();
        loop.schedule(interval.toNanos(), () -> {
            turning(interval);
            // Awake anyhow, and a long request that has begun since may not have said so.
            if (!looking && loop.now() - toldAt >= statusNanos) {
                look();
            }
        });
    }

    private void lookIn(long nanos) {
        looking = true;
        loop.schedule(nanos, () -> {
            looking = false;
            look();
        });
    }

    private void look() {
        if (stopping) {
            return;
        }
        Figures now = figures.get();
        boolean still = now.equals(told);
        String before = line;
        tell(now);
        // Once more after the last change, so that it ends with "0 requests/s".
        if (!still || !line.equals(before)) {
            lookIn(statusNanos);
        }
    }

    private void tell(Figures now) {
        long nanos = loop.now() - toldAt;
        double rate = nanos <= 0 ? 0 : (now.requests() - told.requests()) * 1e9 / nanos;
        String next = text(now, rate) + (refused.isEmpty() ? "" : "; the last reload was refused: " + refused);
        told = now;
        toldAt = loop.now();
        if (!next.equals(line)) {
            line = next;
            notify.status(next);
        }
    }

    /** With one decimal where that says something. */
    static String text(Figures figures, double rate) {
        String shown =
                rate > 0 && rate < 10 ? String.format(Locale.ROOT, "%.1f", rate) : Long.toString(Math.round(rate));
        return shown + " requests/s, " + figures.active() + " active, " + figures.queued() + " queued";
    }
}
