package org.cgifpm.daemon.supervisor;

import java.util.ArrayList;
import java.util.List;
import org.cgifpm.adapters.Confinement;
import org.cgifpm.adapters.LaunchPlan;
import org.cgifpm.daemon.config.PoolSettings;

/** Says what starts a script of one pool once it has been found and checked. Any thread. */
final class ScriptLaunch {
    private final PoolSettings settings;

    ScriptLaunch(PoolSettings settings) {
        this.settings = settings;
    }

    /** @param environment all of it, but for what an interpreter wants */
    LaunchPlan of(Reviewed reviewed, List<String> environment) {
        FoundScript script = reviewed.script();
        String name = "./" + script.name();
        String interpreter = reviewed.subject().interpreter();
        return new LaunchPlan(
                script.directory(),
                interpreter == null ? name : interpreter,
                interpreter == null ? List.of(name) : List.of(interpreter, name),
                interpreter == null ? environment : forInterpreter(environment),
                script.path(),
                confinement(reviewed));
    }

    /** As whom and within which bounds it runs. */
    Confinement confinement(Reviewed reviewed) {
        return Confinements.of(
                settings.identity(), settings.limits(), reviewed.subject().runner());
    }

    /** php-cgi runs nothing without REDIRECT_STATUS, so that nobody puts it where scripts lie and calls it by name. */
    private static List<String> forInterpreter(List<String> entries) {
        List<String> all = new ArrayList<>(entries);
        all.removeIf(entry -> entry.startsWith("REDIRECT_STATUS="));
        all.add("REDIRECT_STATUS=200");
        return all;
    }
}
