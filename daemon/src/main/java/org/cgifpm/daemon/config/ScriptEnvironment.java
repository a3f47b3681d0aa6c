package org.cgifpm.daemon.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a pool's scripts find in their environment beside the request.
 *
 * @param path the scripts' PATH, absolute folders with colons between them, bytes as ISO-8859-1 (see {@link ByteText})
 * @param passParams names of extra params that may pass, a {@code *} at the end stands for any rest; empty: all may
 * @param passAuthorization whether HTTP_AUTHORIZATION passes
 * @param variables in the order of the file, {@code $NAME} already replaced, values are bytes as ISO-8859-1
 */
public record ScriptEnvironment(
        String path, Optional<List<String>> passParams, boolean passAuthorization, Map<String, String> variables) {
    public static final ScriptEnvironment DEFAULT =
            new ScriptEnvironment("/usr/local/bin:/usr/bin:/bin", Optional.empty(), false, Map.of());

    public ScriptEnvironment {
        passParams = passParams.map(List::copyOf);
        variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
    }
}
