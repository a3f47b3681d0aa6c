package org.cgifpm.daemon.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.PrintWriter;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.cgifpm.adapters.os.Signals;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.control.ControlClient;
import org.cgifpm.daemon.control.ControlException;
import org.jspecify.annotations.Nullable;

/**
 * {@code cgi-fpm status --watch}: the state again and again until a signal ends it; on a terminal always in the same
 * place, elsewhere block after block. A daemon that is gone is waited for.
 */
final class StatusWatch {
    private static final int STANDARD_OUTPUT = 1;

    private final DaemonOptions daemon;
    private final JsonObject command;
    private final PrintWriter out;
    private final PrintWriter err;
    private final int seconds;
    private final CountDownLatch ended = new CountDownLatch(1);
    private @Nullable JsonObject before;

    /** @param command status, of all pools or one */
    StatusWatch(DaemonOptions daemon, JsonObject command, PrintWriter out, PrintWriter err, int seconds) {
        this.daemon = daemon;
        this.command = command;
        this.out = out;
        this.err = err;
        this.seconds = seconds;
    }

    /** Returns the exit code once a signal has come, or nobody reads any more. */
    int run() throws InterruptedException {
        for (String signal : List.of("INT", "TERM", "HUP")) {
            Signals.on(signal, ended::countDown);
        }
        boolean live = new Syscalls().isTerminal(STANDARD_OUTPUT);
        Screen screen = new Screen(out);
        if (live) {
            screen.begin();
        }
        try {
            do {
                List<String> lines = look();
                if (live) {
                    screen.show(lines);
                } else {
                    out.println(LocalTime.now(java.time.ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS));
                    lines.forEach(out::println);
                    out.println();
                }
                out.flush();
            } while (!out.checkError() && !ended.await(seconds, TimeUnit.SECONDS));
            return 0;
        } catch (ControlException e) {
            if (live) {
                screen.end();
                live = false;
            }
            e.problems().forEach(problem -> err.println(Shown.text(problem)));
            err.flush();
            return e.exitCode();
        } finally {
            if (live) {
                screen.end();
            }
        }
    }

    /** @throws ControlException if the question is wrong, so that it would be next time too */
    private List<String> look() throws ControlException {
        try (ControlClient client = daemon.connect()) {
            JsonObject status = client.ask(command);
            JsonObject running = client.ask(DaemonOptions.command("list"));
            List<String> lines = lines(status, before, running);
            before = status;
            return lines;
        } catch (ControlException e) {
            boolean restarting = e.exitCode() == ControlException.NO_DAEMON || e.isSilence();
            if (!restarting) {
                throw e;
            }
            return List.of("waiting for the daemon: " + Shown.text(e.problems().get(0)));
        }
    }

    static List<String> lines(JsonObject status, @Nullable JsonObject before, JsonObject running) {
        StatusText text = new StatusText(status, before);
        List<String> lines = new ArrayList<>(text.daemon());
        lines.add("");
        lines.addAll(StatusText.table(
                text.pools().stream().sorted(PoolFigures.BUSIEST_FIRST).toList()));
        List<String> failures = text.failures();
        if (!failures.isEmpty()) {
            lines.add("");
            lines.addAll(failures);
        }
        List<String> told = new ArrayList<>();
        for (JsonElement pool : status.getAsJsonArray("pools")) {
            told.add(pool.getAsJsonObject().get("name").getAsString());
        }
        JsonObject ofThose = running.deepCopy();
        List<JsonElement> others = new ArrayList<>();
        for (JsonElement one : ofThose.getAsJsonArray("running")) {
            if (!told.contains(one.getAsJsonObject().get("pool").getAsString())) {
                others.add(one);
            }
        }
        others.forEach(ofThose.getAsJsonArray("running")::remove);
        if (!ofThose.getAsJsonArray("running").isEmpty()) {
            lines.add("");
            lines.addAll(RunningText.lines(ofThose));
        }
        return lines;
    }
}
