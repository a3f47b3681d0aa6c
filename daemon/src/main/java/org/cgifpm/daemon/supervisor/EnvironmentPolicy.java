package org.cgifpm.daemon.supervisor;

import org.cgifpm.daemon.config.ScriptEnvironment;
import org.cgifpm.protocol.cgi.CgiEnvironment;

/** What a pool's settings say about environments, as those who make them want it. */
final class EnvironmentPolicy {
    private EnvironmentPolicy() {}

    static CgiEnvironment.Policy of(ScriptEnvironment settings) {
        return new CgiEnvironment.Policy(
                settings.path(),
                settings.variables(),
                settings.passAuthorization(),
                settings.passParams().orElse(null));
    }
}
