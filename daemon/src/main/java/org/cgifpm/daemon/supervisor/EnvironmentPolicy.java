package org.cgifpm.daemon.supervisor;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.daemon.config.PythonSettings;
import org.cgifpm.daemon.config.ScriptEnvironment;
import org.cgifpm.protocol.cgi.CgiEnvironment;

/** What a pool's settings say about environments, as those who make them want it. */
final class EnvironmentPolicy {
    private EnvironmentPolicy() {}

    /** With what a virtual environment's own "activate" sets: what a program starts is looked for there too. */
    static CgiEnvironment.Policy of(PoolSettings settings) {
        ScriptEnvironment environment = settings.environment();
        String path = environment.path();
        Map<String, String> variables = new LinkedHashMap<>();
        Optional<String> virtualenv = settings.python().flatMap(PythonSettings::virtualenv);
        if (virtualenv.isPresent()) {
            variables.put("VIRTUAL_ENV", virtualenv.get());
            path = virtualenv.get() + "/bin:" + path;
        }
        variables.putAll(environment.variables());
        return new CgiEnvironment.Policy(
                path,
                variables,
                environment.passAuthorization(),
                environment.passParams().orElse(null));
    }
}
