package org.cgifpm.protocol.cgi;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes a script's environment (RFC 3875, 4.1) from nothing but the request's params, the pool's policy and where the
 * script was found. Nothing of the daemon's own environment gets in.
 *
 * <p>Of params that came more than once those that begin with HTTP_ are joined, of any other the last stands. Names
 * that cannot be in an environment, that {@link NeverPassed} lists or that the policy keeps out are left out and
 * reported. Unset when empty: PATH_INFO, CONTENT_LENGTH, CONTENT_TYPE, and PATH_TRANSLATED when there is no PATH_INFO
 * (RFC 3875, 4.1.6); other empty values pass, for there are scripts that ask whether a name is set at all.
 * HTTP_CONTENT_LENGTH and HTTP_CONTENT_TYPE never pass: the script has them under their own names (RFC 3875, 4.1.18),
 * and two lengths are an invitation to believe the wrong one.
 */
public final class CgiEnvironment {
    /**
     * What the pool says about its scripts' environments.
     *
     * @param path the PATH
     * @param poolEnv comes last and wins, over PATH too; nothing of it is refused
     * @param passAuthorization whether scripts see the client's credentials (AUTH_TYPE and REMOTE_USER they see always)
     * @param passParams null: all names may pass but those never passed; else the names that may pass beside the CGI
     *     names, with {@code PREFIX_*} for all that begin so
     */
    public record Policy(
            String path,
            Map<String, String> poolEnv,
            boolean passAuthorization,
            @Nullable List<String> passParams) {}

    /**
     * What the walk through the file system found.
     *
     * @param filename becomes SCRIPT_FILENAME
     * @param pathInfo what was left of the path behind the script, empty if nothing was
     */
    public record Script(String filename, String pathInfo) {}

    /**
     * The environment, and what became of the rest.
     *
     * @param entries NAME=value, ISO-8859-1, each name once
     * @param dropped names that were not passed, each once, as they came: escape them before they go anywhere
     * @param tooLarge the name of the first entry above {@link #MAX_ENTRY}, with which exec would fail; else null
     * @param bytes of all entries, each with its NUL
     */
    public record Result(
            List<String> entries,
            List<String> dropped,
            @Nullable String tooLarge,
            long bytes) {
        public Result {
            entries = List.copyOf(entries);
            dropped = List.copyOf(dropped);
        }
    }

    /** The kernel's limit for one NAME=value with its NUL (MAX_ARG_STRLEN, 32 pages): 131072 bytes. */
    public static final int MAX_ENTRY = 131072;

    private static final Set<String> CREDENTIALS =
            Set.of("HTTP_AUTHORIZATION", "REDIRECT_HTTP_AUTHORIZATION", "HTTP_PROXY_AUTHORIZATION");

    private static final Set<String> SAID_TWICE = Set.of("HTTP_CONTENT_LENGTH", "HTTP_CONTENT_TYPE");

    private static final List<String> UNSET_IF_EMPTY = List.of("PATH_INFO", "CONTENT_LENGTH", "CONTENT_TYPE");

    private final Policy policy;
    private final Map<String, String> variables = new LinkedHashMap<>(64);
    private final Map<String, StringBuilder> joined = new HashMap<>();
    private final Set<String> dropped = new LinkedHashSet<>();

    private CgiEnvironment(Policy policy) {
        this.policy = policy;
    }

    /** Builds the environment of one request. */
    public static Result of(Params params, Policy policy, Script script) {
        CgiEnvironment environment = new CgiEnvironment(policy);
        environment.variables.put("PATH", policy.path());
        for (Params.Param param : params.all()) {
            environment.take(param.name(), param.value());
        }
        environment.joinDuplicates();
        environment.place(script);
        environment.unset();
        environment.defaults();
        environment.variables.putAll(policy.poolEnv());
        return environment.result();
    }

    private void take(String name, String value) {
        if (SAID_TWICE.contains(name)) {
            return;
        }
        if (!passes(name) || value.indexOf('\0') >= 0) {
            dropped.add(name);
            return;
        }
        String before = name.startsWith(CgiNames.HTTP) ? variables.get(name) : null;
        if (before == null || before.isEmpty()) {
            variables.put(name, value);
        } else if (!value.isEmpty()) {
            String separator = name.equals("HTTP_COOKIE") ? "; " : ", ";
            joined.computeIfAbsent(name, n -> new StringBuilder(before))
                    .append(separator)
                    .append(value);
        }
    }

    private boolean passes(String name) {
        List<String> allowed = policy.passParams();
        return isName(name)
                && (policy.passAuthorization() || !CREDENTIALS.contains(name))
                && !NeverPassed.contains(name)
                && (allowed == null || CgiNames.allows(allowed, name));
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

    private void joinDuplicates() {
        joined.forEach((name, values) -> variables.put(name, values.toString()));
    }

    private void place(Script script) {
        variables.put("SCRIPT_FILENAME", script.filename());
        String pathInfo = script.pathInfo();
        if (pathInfo.isEmpty()) {
            return; // what the front end says stands: a location for git-http-backend sets PATH_INFO itself
        }
        variables.put("PATH_INFO", pathInfo);
        String name = variables.getOrDefault("SCRIPT_NAME", "");
        if (name.endsWith(pathInfo)) {
            variables.put("SCRIPT_NAME", name.substring(0, name.length() - pathInfo.length()));
        }
        String root = variables.getOrDefault("DOCUMENT_ROOT", "");
        if (root.isEmpty()) {
            variables.remove("PATH_TRANSLATED"); // the front end's belongs to another PATH_INFO
        } else {
            variables.put("PATH_TRANSLATED", ScriptFilename.beneath(root, pathInfo));
        }
    }

    private void unset() {
        for (String name : UNSET_IF_EMPTY) {
            if (variables.getOrDefault(name, "").isEmpty()) {
                variables.remove(name);
            }
        }
        if (!variables.containsKey("PATH_INFO")) {
            variables.remove("PATH_TRANSLATED");
        }
    }

    /** What RFC 3875, 4.1 says must be there, and a script may fall over without. */
    private void defaults() {
        setIfEmpty("GATEWAY_INTERFACE", "CGI/1.1");
        setIfEmpty("REQUEST_METHOD", "GET");
        setIfEmpty("SERVER_PROTOCOL", "HTTP/1.0");
        setIfEmpty("SERVER_SOFTWARE", "cgi-fpm");
        variables.putIfAbsent("QUERY_STRING", "");
    }

    private void setIfEmpty(String name, String value) {
        if (variables.getOrDefault(name, "").isEmpty()) {
            variables.put(name, value);
        }
    }

    private Result result() {
        List<String> entries = new ArrayList<>(variables.size());
        String tooLarge = null;
        long bytes = 0;
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            String entry = variable.getKey() + "=" + variable.getValue();
            entries.add(entry);
            bytes += entry.length() + 1L;
            if (tooLarge == null && entry.length() >= MAX_ENTRY) {
                tooLarge = variable.getKey();
            }
        }
        return new Result(entries, List.copyOf(dropped), tooLarge, bytes);
    }
}
