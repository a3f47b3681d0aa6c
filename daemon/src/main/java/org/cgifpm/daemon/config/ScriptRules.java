package org.cgifpm.daemon.config;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which files a pool takes for scripts.
 *
 * @param extensions such as {@code .cgi}, with the dot; empty: all files
 * @param interpreters extension to the absolute path of the program that runs such scripts, in the order of the file
 * @param severities of every check
 * @param symlinks what {@link CheckName#SYMLINKS} asks for
 */
public record ScriptRules(
        Optional<List<String>> extensions,
        Map<String, String> interpreters,
        Map<CheckName, Severity> severities,
        Symlinks symlinks) {
    /** All checks enforced. */
    public static final ScriptRules DEFAULT =
            new ScriptRules(Optional.empty(), Map.of(), Map.of(), Symlinks.OWNER_MATCH);

    public ScriptRules {
        extensions = extensions.map(List::copyOf);
        interpreters = Collections.unmodifiableMap(new LinkedHashMap<>(interpreters));
        Map<CheckName, Severity> all = new EnumMap<>(CheckName.class);
        for (CheckName check : CheckName.values()) {
            all.put(check, severities.getOrDefault(check, Severity.ENFORCE));
        }
        severities = Collections.unmodifiableMap(all);
    }

    public Severity severity(CheckName check) {
        return severities.getOrDefault(check, Severity.ENFORCE);
    }
}
