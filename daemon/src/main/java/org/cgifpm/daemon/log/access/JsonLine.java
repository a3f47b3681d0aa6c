package org.cgifpm.daemon.log.access;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.cgifpm.adapters.os.ExitStatus;
import org.cgifpm.adapters.os.SignalName;
import org.cgifpm.protocol.cgi.ResponseHead;

/**
 * The format {@code json}: one object a line (RFC 8259), every key in every line, null for what there is not. Keys keep
 * their meaning and their order; new ones come at the end.
 */
final class JsonLine implements Piece {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSxxx");

    private final DateTimeFormatter time;

    JsonLine(ZoneId zone) {
        this.time = TIME.withZone(zone);
    }

    @Override
    public void append(AccessEntry entry, StringBuilder line) {
        AccessEntry.Times times = entry.times();
        AccessEntry.Ran process = entry.process();
        ExitStatus exit = process.exit();
        ResponseHead head = entry.head();
        JsonObject json = new JsonObject(line);
        json.text("time", time.format(Instant.ofEpochMilli(times.arrivedMillis())));
        json.text("logged", time.format(Instant.ofEpochMilli(times.loggedMillis())));
        json.text("pool", entry.pool());
        json.number("id", Long.toString(entry.id()));
        json.bytes("remote_addr", entry.remoteAddress());
        json.bytes("remote_user", entry.param("REMOTE_USER"));
        json.text("peer", entry.peer());
        json.bytes("method", entry.param("REQUEST_METHOD"));
        json.bytes("uri", entry.uri());
        json.bytes("query", entry.param("QUERY_STRING"));
        json.bytes("request_uri", entry.param("REQUEST_URI"));
        json.bytes("host", entry.param("HTTP_HOST"));
        json.bytes("script", entry.script());
        json.number("status", Integer.toString(entry.status()));
        json.text("outcome", entry.outcome());
        json.text("check", entry.check());
        String problem = entry.problem();
        json.bytes("problem", problem == null ? "" : problem);
        json.number("duration_ms", Figures.thousandths(times.durationNanos() / 1000));
        json.number("queue_ms", Figures.thousandths(times.queueNanos() / 1000));
        json.number("cpu_user_ms", exit == null ? null : Figures.thousandths(exit.userMicros()));
        json.number("cpu_system_ms", exit == null ? null : Figures.thousandths(exit.systemMicros()));
        json.number("peak_memory", process.peakMemory() < 0 ? null : Long.toString(process.peakMemory()));
        json.number("exit", exit == null || exit.killed() ? null : Integer.toString(exit.code()));
        json.text("signal", exit == null || !exit.killed() ? "" : SignalName.of(exit.signal()));
        json.number("pid", process.pid() == 0 ? null : Integer.toString(process.pid()));
        json.bytes("user", process.user());
        json.number("content_length", Long.toString(entry.contentLength()));
        json.number("bytes_in", Long.toString(entry.bytesIn()));
        json.number("bytes_out", Long.toString(entry.bytesOut()));
        String type = head == null ? null : head.header("Content-Type");
        json.bytes("content_type", type == null ? "" : type);
        json.end();
    }
}
