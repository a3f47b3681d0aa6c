package org.cgifpm.protocol.cgi;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What of a request's params passes, each name once: what a script's environment and the params of a persistent
 * application have in common. Take all params, then place the script, then unset, in that order.
 */
final class PassedParams {
    private final ParamRules rules;
    private final Map<String, String> variables = new LinkedHashMap<>(64);
    private final Map<String, StringBuilder> joined = new HashMap<>();
    private final Set<String> dropped = new LinkedHashSet<>();

    PassedParams(ParamRules rules) {
        this.rules = rules;
    }

    /** Those that came more than once are joined if they begin with HTTP_; of others the last stands. */
    void takeAll(Params params) {
        for (Params.Param param : params.all()) {
            take(param.name(), param.value());
        }
        joined.forEach((name, values) -> variables.put(name, values.toString()));
    }

    private void take(String name, String value) {
        if (ParamRules.isSaidTwice(name)) {
            return;
        }
        if (!rules.pass(name, value)) {
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

    /** Says where the walk through the file system has found the script. */
    void place(CgiEnvironment.Script script) {
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

    /** Takes out what is empty and means something else then. */
    void unset() {
        variables
                .entrySet()
                .removeIf(variable -> variable.getValue().isEmpty() && ParamRules.isUnsetIfEmpty(variable.getKey()));
        if (!variables.containsKey("PATH_INFO")) {
            variables.remove("PATH_TRANSLATED"); // RFC 3875, 4.1.6
        }
    }

    /** What passes so far; may be added to and changed. */
    Map<String, String> variables() {
        return variables;
    }

    /** Names that were not passed, each once, in the order they came. */
    List<String> dropped() {
        return List.copyOf(dropped);
    }
}
