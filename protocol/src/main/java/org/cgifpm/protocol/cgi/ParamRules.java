package org.cgifpm.protocol.cgi;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which of a request's params may pass to a program; names only, whether they come once or twice is for others.
 *
 * @param passAuthorization whether the client's credentials pass
 * @param passParams null: all names may pass but those never passed; else the names that may pass beside the CGI names,
 *     with {@code PREFIX_*} for all that begin so
 * @param toWorker whether it is a persistent application that they go to: it gets what the roles of FastCGI 1.0, 6 add
 */
record ParamRules(boolean passAuthorization, @Nullable List<String> passParams, boolean toWorker) {
    private static final Set<String> CREDENTIALS =
            Set.of("HTTP_AUTHORIZATION", "REDIRECT_HTTP_AUTHORIZATION", "HTTP_PROXY_AUTHORIZATION");

    /** The program has these under their own names (RFC 3875, 4.1.18). */
    private static final Set<String> SAID_TWICE = Set.of("HTTP_CONTENT_LENGTH", "HTTP_CONTENT_TYPE");

    private static final Set<String> UNSET_IF_EMPTY = Set.of("PATH_INFO", "CONTENT_LENGTH", "CONTENT_TYPE");

    /** What a Filter is told of its second stream (FastCGI 1.0, 6.4), and how web servers call the role. */
    private static final Set<String> OF_ROLES =
            Set.of("FCGI_ROLE", "FCGI_APACHE_ROLE", "FCGI_DATA_LAST_MOD", "FCGI_DATA_LENGTH");

    /** Left out without a word, for nothing is lost. */
    static boolean isSaidTwice(String name) {
        return name.startsWith(CgiNames.HTTP) && SAID_TWICE.contains(name);
    }

    /** Where empty means something else than absent to programs, and absent is meant. */
    static boolean isUnsetIfEmpty(String name) {
        return UNSET_IF_EMPTY.contains(name);
    }

    /** Whether the param passes; one that does not is reported. */
    boolean pass(String name, String value) {
        return isName(name) && value.indexOf('\0') < 0 && (isOfRoles(name) || isAllowed(name));
    }

    private boolean isOfRoles(String name) {
        return toWorker && OF_ROLES.contains(name);
    }

    private boolean isAllowed(String name) {
        return (passAuthorization || !CREDENTIALS.contains(name))
                && !NeverPassed.contains(name)
                && (passParams == null || CgiNames.allows(passParams, name));
    }

    /** A name with "=" would be another name, one with "-" in front an option of some program; control bytes are neither. */
    private static boolean isName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '=' || Ascii.isControl(c)) {
                return false;
            }
        }
        return !name.isEmpty() && name.charAt(0) != '-';
    }
}
