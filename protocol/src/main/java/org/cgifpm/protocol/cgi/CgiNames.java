package org.cgifpm.protocol.cgi;

import java.util.List;
import java.util.Set;

/** The names that pass beside an allow-list: the meta-variables of RFC 3875, 4.1, and those that servers add by custom. */
final class CgiNames {
    static final String HTTP = "HTTP_";

    private static final Set<String> NAMES = Set.of(
            "AUTH_TYPE",
            "CONTENT_LENGTH",
            "CONTENT_TYPE",
            "GATEWAY_INTERFACE",
            "PATH_INFO",
            "PATH_TRANSLATED",
            "QUERY_STRING",
            "REMOTE_ADDR",
            "REMOTE_HOST",
            "REMOTE_IDENT",
            "REMOTE_USER",
            "REQUEST_METHOD",
            "SCRIPT_NAME",
            "SERVER_NAME",
            "SERVER_PORT",
            "SERVER_PROTOCOL",
            "SERVER_SOFTWARE",
            // by custom
            "CONTEXT_DOCUMENT_ROOT",
            "CONTEXT_PREFIX",
            "DOCUMENT_ROOT",
            "DOCUMENT_URI",
            "HTTPS",
            "REDIRECT_QUERY_STRING",
            "REDIRECT_REMOTE_USER",
            "REDIRECT_STATUS",
            "REDIRECT_URL",
            "REMOTE_PORT",
            "REQUEST_SCHEME",
            "REQUEST_URI",
            "SCRIPT_FILENAME",
            "SCRIPT_URI",
            "SCRIPT_URL",
            "SERVER_ADDR",
            "SERVER_ADMIN",
            "SERVER_SIGNATURE",
            "UNIQUE_ID");

    private CgiNames() {}

    /** A CGI name, or one that {@code allowed} names, where {@code PREFIX_*} stands for all that begin so. */
    static boolean allows(List<String> allowed, String name) {
        if (name.startsWith(HTTP) || NAMES.contains(name)) {
            return true;
        }
        for (String entry : allowed) {
            boolean prefix = entry.endsWith("*");
            if (prefix ? name.startsWith(entry.substring(0, entry.length() - 1)) : name.equals(entry)) {
                return true;
            }
        }
        return false;
    }
}
