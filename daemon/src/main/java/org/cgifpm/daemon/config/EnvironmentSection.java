package org.cgifpm.daemon.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the keys of a pool that make its scripts' environment: PATH, params that pass, and {@code [pool.NAME.env]}. */
final class EnvironmentSection {
    private final Section pool;
    private final Map<String, String> daemon;

    /** @param daemon the daemon's own environment, for values such as {@code "$LANG"} */
    EnvironmentSection(Section pool, Map<String, String> daemon) {
        this.pool = pool;
        this.daemon = daemon;
    }

    ScriptEnvironment read() {
        ScriptEnvironment defaults = ScriptEnvironment.DEFAULT;
        return new ScriptEnvironment(
                path(defaults.path()),
                passParams(),
                pool.bool("pass_authorization", defaults.passAuthorization()),
                variables(pool.table("env")));
    }

    private String path(String otherwise) {
        Optional<String> text = pool.string("path");
        if (text.isEmpty()) {
            return otherwise;
        }
        String path = text.get();
        if (path.isEmpty()) {
            pool.problem("path", "is empty; write such as \"/usr/bin:/bin\", or remove the key");
            return otherwise;
        }
        if (Folders.hasControlCharacter(path)) {
            pool.problem("path", Wording.quote(path) + " has a control character in it");
            return otherwise;
        }
        int start = 0;
        while (start <= path.length()) {
            int colon = path.indexOf(':', start);
            int end = colon < 0 ? path.length() : colon;
            if (start == end || path.charAt(start) != '/') {
                // An empty or relative part means the folder of the script, where others may have put an "ls".
                pool.problem(
                        "path",
                        "its part " + Wording.quote(path.substring(start, end))
                                + " is not absolute; write such as \"/usr/bin:/bin\"");
                return otherwise;
            }
            start = end + 1;
        }
        return ByteText.fromText(path);
    }

    private Optional<List<String>> passParams() {
        Optional<List<String>> listed = pool.strings("pass_params", false);
        for (String name : listed.orElse(List.of())) {
            boolean prefix = name.endsWith("*");
            if (!isName(prefix ? name.substring(0, name.length() - 1) : name)) {
                String advice = name.equals("*")
                        ? "remove the key to let all pass"
                        : "write such as \"GEOIP_COUNTRY\" or \"SSL_*\"";
                pool.problem("pass_params", Wording.quote(name) + " is not the name of a param; " + advice);
            }
        }
        return listed;
    }

    private Map<String, String> variables(Section env) {
        Map<String, String> variables = new LinkedHashMap<>();
        for (String name : env.keys()) {
            if (!isName(name)) {
                env.problem(name, "is not a name for a variable; write letters, digits and _, no digit first");
                continue;
            }
            if (name.equals("PATH")) {
                env.problem(name, "is set with the pool's key path; write it there");
                continue;
            }
            env.string(name)
                    .flatMap(value -> resolved(env, name, value))
                    .ifPresent(value -> variables.put(name, value));
        }
        return variables;
    }

    private Optional<String> resolved(Section env, String name, String value) {
        if (value.indexOf('\0') >= 0) {
            env.problem(name, "has a zero byte in it, which no variable can hold");
            return Optional.empty();
        }
        if (!value.startsWith("$") || !isName(value.substring(1))) {
            return Optional.of(ByteText.fromText(value));
        }
        String taken = daemon.get(value.substring(1));
        if (taken == null) {
            env.problem(
                    name,
                    "the daemon's environment has no " + value.substring(1)
                            + "; set it where the daemon is started, or write the value here");
            return Optional.empty();
        }
        return Optional.of(ByteText.fromText(taken));
    }

    private static boolean isName(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
            if (!letter && (i == 0 || c < '0' || c > '9')) {
                return false;
            }
        }
        return !text.isEmpty();
    }
}
