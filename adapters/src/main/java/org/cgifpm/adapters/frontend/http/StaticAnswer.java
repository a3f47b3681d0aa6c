package org.cgifpm.adapters.frontend.http;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.cgifpm.adapters.frontend.http.Resource.Moved;
import org.cgifpm.adapters.frontend.http.Resource.Refused;
import org.cgifpm.adapters.frontend.http.Resource.StaticFile;
import org.cgifpm.protocol.cgi.ResponseHead;
import org.cgifpm.protocol.cgi.ResponseHead.Header;
import org.jspecify.annotations.Nullable;

/** Answers what needs no script: files, folders, redirects, refusals. Loop thread only. */
final class StaticAnswer {
    private StaticAnswer() {}

    static void answer(ServerContext context, HttpExchange exchange, Lookup.Found found) {
        Resource resource = found.resource();
        boolean refused = resource instanceof Refused;
        if (!refused && !exchange.request().isGetOrHead()) {
            exchange.refuse(405, "only scripts take " + exchange.request().method(), "", "", List.of(allow()));
        } else if (resource instanceof Refused no) {
            exchange.refuse(no.status(), no.reason(), no.hint(), "", List.of());
        } else if (resource instanceof Moved moved) {
            send(exchange, 301, List.of(new Header("Location", moved.location())), ByteBuffer.allocate(0));
        } else if (resource instanceof StaticFile file) {
            file(context, exchange, file);
        } else {
            ByteBuffer page = found.page() == null ? ByteBuffer.allocate(0) : found.page();
            List<Header> headers = List.of(
                    new Header("Content-Type", "text/html; charset=utf-8"), new Header("Cache-Control", "no-store"));
            send(exchange, 200, headers, page);
        }
    }

    private static Header allow() {
        return new Header("Allow", "GET, HEAD");
    }

    private static void send(HttpExchange exchange, int status, List<Header> headers, ByteBuffer body) {
        exchange.respond(new ResponseHead(status, ReasonPhrase.of(status), headers, body.remaining()));
        new BytesSender(exchange, body).send();
    }

    private static void file(ServerContext context, HttpExchange exchange, StaticFile file) {
        HttpRequest request = exchange.request();
        Instant modified = file.modified().truncatedTo(ChronoUnit.SECONDS);
        List<Header> headers = new ArrayList<>();
        headers.add(new Header("Last-Modified", HttpDate.format(modified)));
        // A developer edits the file and expects to see it.
        headers.add(new Header("Cache-Control", "no-cache"));
        if (notModifiedSince(request, modified)) {
            exchange.respond(new ResponseHead(304, ReasonPhrase.of(304), headers, -1));
            exchange.end(0);
            return;
        }
        headers.add(new Header("Content-Type", file.type()));
        headers.add(new Header("Accept-Ranges", "bytes"));
        ByteRange range = range(request, modified, file.size());
        if (range == null) {
            exchange.respond(new ResponseHead(200, ReasonPhrase.of(200), headers, file.size()));
            // For HEAD the file need not be touched.
            long length = request.isHead() ? 0 : file.size();
            new FileSender(context, exchange, file.path(), 0, length).send();
        } else if (range.isEmpty()) {
            Header size = new Header("Content-Range", "bytes */" + file.size());
            exchange.refuse(416, "the range lies behind the end of the file", "", "", List.of(size));
        } else {
            headers.add(new Header("Content-Range", range.contentRange(file.size())));
            exchange.respond(new ResponseHead(206, ReasonPhrase.of(206), headers, range.length()));
            new FileSender(context, exchange, file.path(), range.first(), range.length()).send();
        }
    }

    private static boolean notModifiedSince(HttpRequest request, Instant modified) {
        String since = request.field("If-Modified-Since");
        Instant date = since == null ? null : HttpDate.parse(since);
        return date != null && !modified.isAfter(date);
    }

    private static @Nullable ByteRange range(HttpRequest request, Instant modified, long size) {
        String wanted = request.method().equals("GET") ? request.field("Range") : null;
        String condition = request.field("If-Range");
        boolean same = condition == null || modified.equals(HttpDate.parse(condition));
        return wanted == null || !same ? null : ByteRange.of(wanted, size);
    }
}
