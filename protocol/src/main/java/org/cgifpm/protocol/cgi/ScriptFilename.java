package org.cgifpm.protocol.cgi;

import org.jspecify.annotations.Nullable;

/**
 * Which file a front end asks for, as far as params say it; whether it may be run is for others to decide.
 *
 * <p>Paths are bytes: nothing is decoded, folded or normalised.
 */
public final class ScriptFilename {
    private static final String PROXY = "proxy:";
    private static final String UNIX = "unix:";
    private static final String SCHEME_END = "://";

    private ScriptFilename() {}

    /**
     * SCRIPT_FILENAME, or DOCUMENT_ROOT with SCRIPT_NAME behind it if that is absent or empty; null if neither names a
     * file.
     *
     * <p>Apache's mod_proxy_fcgi puts the address of its worker in front: {@code proxy:fcgi://host:port/},
     * {@code proxy:balancer://name/}, {@code proxy:unix:/socket|fcgi://host/}. That is cut off, and with it a query,
     * which a RewriteRule leaves at the end. Without the prefix a question mark is part of the name.
     */
    public static @Nullable String of(Params params) {
        String path = withoutProxy(params.getOrEmpty("SCRIPT_FILENAME"));
        if (!path.isEmpty()) {
            return path;
        }
        String root = params.getOrEmpty("DOCUMENT_ROOT");
        String name = params.getOrEmpty("SCRIPT_NAME");
        return root.isEmpty() || name.isEmpty() ? null : beneath(root, name);
    }

    /** {@code root} and {@code path} with exactly one slash between: "/srv" and "x" must not become "/srvx". */
    static String beneath(String root, String path) {
        String folder = root.endsWith("/") ? root.substring(0, root.length() - 1) : root;
        return path.startsWith("/") ? folder + path : folder + "/" + path;
    }

    /** What Apache means by a SCRIPT_FILENAME: without the address of the worker and the query, as {@link #of} has it. */
    static String withoutProxy(String filename) {
        if (!filename.startsWith(PROXY)) {
            return filename;
        }
        String address = filename.substring(PROXY.length());
        if (address.startsWith(UNIX)) {
            address = address.substring(address.indexOf('|') + 1);
        }
        int host = address.indexOf(SCHEME_END);
        if (host < 0) {
            return filename;
        }
        int path = address.indexOf('/', host + SCHEME_END.length());
        if (path < 0) {
            return "";
        }
        int query = address.indexOf('?', path);
        return query < 0 ? address.substring(path) : address.substring(path, query);
    }
}
