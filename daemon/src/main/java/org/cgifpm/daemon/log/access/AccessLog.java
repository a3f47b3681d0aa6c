package org.cgifpm.daemon.log.access;

import java.util.HashSet;
import java.util.Set;
import org.cgifpm.daemon.log.LogFile;

/** One pool's access log: which requests are written, and how. Loop thread; the file is written on another. */
public final class AccessLog {
    private final LogFile file;
    private final AccessFormat format;
    private final Set<String> suppressed;

    /** @param suppressed {@code access_suppress}: paths, bytes as ISO-8859-1 */
    public AccessLog(LogFile file, AccessFormat format, Iterable<String> suppressed) {
        this.file = file;
        this.format = format;
        Set<String> paths = new HashSet<>();
        suppressed.forEach(paths::add);
        this.suppressed = Set.copyOf(paths);
    }

    public void finished(AccessEntry entry) {
        if (!suppresses(entry)) {
            file.add(format.line(entry) + "\n");
        }
    }

    /**
     * php-fpm's rule, so that only what is quite ordinary is not seen: a GET or HEAD without query and without body that
     * went well.
     */
    private boolean suppresses(AccessEntry entry) {
        if (suppressed.isEmpty()
                || entry.status() < 200
                || entry.status() > 299
                || entry.problem() != null
                || !entry.param("QUERY_STRING").isEmpty()
                || entry.contentLength() > 0
                || entry.bytesIn() > 0) {
            return false;
        }
        String method = entry.param("REQUEST_METHOD");
        return (method.equals("GET") || method.equals("HEAD"))
                && (suppressed.contains(entry.uri()) || suppressed.contains(entry.requestedPath()));
    }
}
