package org.cgifpm.protocol.cgi;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    private CgiEnvironment() {}

    /** Builds the environment of one request. */
    public static Result of(Params params, Policy policy, Script script) {
        PassedParams passed = new PassedParams(new ParamRules(policy.passAuthorization(), policy.passParams(), false));
        Map<String, String> variables = passed.variables();
        variables.put("PATH", policy.path());
        passed.takeAll(params);
        passed.place(script);
        passed.unset();
        defaults(variables);
        variables.putAll(policy.poolEnv());
        return result(variables, passed.dropped());
    }

    /** The environment of a program that is started for no request: the PATH and what the pool says. */
    public static List<String> withoutRequest(Policy policy) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("PATH", policy.path());
        variables.putAll(policy.poolEnv());
        return result(variables, List.of()).entries();
    }

    /** What RFC 3875, 4.1 says must be there, and a script may fall over without. */
    private static void defaults(Map<String, String> variables) {
        setIfEmpty(variables, "GATEWAY_INTERFACE", "CGI/1.1");
        setIfEmpty(variables, "REQUEST_METHOD", "GET");
        setIfEmpty(variables, "SERVER_PROTOCOL", "HTTP/1.0");
        setIfEmpty(variables, "SERVER_SOFTWARE", "cgi-fpm");
        variables.putIfAbsent("QUERY_STRING", "");
    }

    private static void setIfEmpty(Map<String, String> variables, String name, String value) {
        if (variables.getOrDefault(name, "").isEmpty()) {
            variables.put(name, value);
        }
    }

    private static Result result(Map<String, String> variables, List<String> dropped) {
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
        return new Result(entries, dropped, tooLarge, bytes);
    }
}
