package org.cgifpm.protocol.cgi;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the params that a persistent application is given with a request (FastCGI 1.0, 6.2), by the rules of
 * {@link CgiEnvironment}: what is joined, dropped and unset there is here. Nothing is added, neither the pool's own
 * variables, which its workers were started with, nor defaults. FCGI_ROLE and the FCGI_DATA_ names of a Filter
 * (FastCGI 1.0, 6.4) pass.
 *
 * <p>Params are not copied where they can stay as they came, as those of most requests can: a caller must not change
 * them afterwards.
 */
public final class RelayedParams {
    /**
     * The params, and what became of the rest.
     *
     * @param params each name once
     * @param dropped names that were not passed, each once, as they came: escape them before they go anywhere
     */
    public record Result(Params params, List<String> dropped) {
        public Result {
            dropped = List.copyOf(dropped);
        }
    }

    private static final String FILENAME = "SCRIPT_FILENAME";

    private final ParamRules rules;

    /** @param policy of which PATH and the pool's own variables are of no account here */
    public RelayedParams(CgiEnvironment.Policy policy) {
        this.rules = new ParamRules(policy.passAuthorization(), policy.passParams(), true);
    }

    /**
     * For the one application that answers all requests. SCRIPT_FILENAME stays as it was sent, without what Apache puts
     * around it. Blocks nowhere, and is cheap where no name came twice and none is dropped.
     */
    public Result of(Params params) {
        Params quick = quick(params);
        return quick == null ? thorough(params, null) : new Result(quick, List.of());
    }

    /** For the workers of a script: says where it was found, as {@link CgiEnvironment} says it to the script itself. */
    public Result of(Params params, CgiEnvironment.Script script) {
        return thorough(params, script);
    }

    /** Right for all params. */
    Result thorough(Params params, CgiEnvironment.@Nullable Script script) {
        PassedParams passed = new PassedParams(rules);
        passed.takeAll(params);
        if (script == null) {
            passed.variables().computeIfPresent(FILENAME, (name, value) -> ScriptFilename.withoutProxy(value));
        } else {
            passed.place(script);
        }
        passed.unset();
        Params result = new Params();
        passed.variables().forEach(result::add);
        return new Result(result, passed.dropped());
    }

    /** The same for params that all pass and of which none came twice; null for others. */
    private @Nullable Params quick(Params params) {
        List<Params.Param> all = params.all();
        NamesOnce names = new NamesOnce(all.size());
        List<Params.@Nullable Param> changed = null;
        for (int i = 0; i < all.size(); i++) {
            Params.Param param = all.get(i);
            if (!names.add(param.name()) || !rules.pass(param.name(), param.value())) {
                return null;
            }
            Params.Param stays = stays(param, params);
            if (!param.equals(stays)) {
                changed = changed == null ? new ArrayList<>(all) : changed;
                changed.set(i, stays);
            }
        }
        return changed == null ? params : whatIsLeft(changed);
    }

    /** That param, another in its place, or null for none. */
    private static Params.@Nullable Param stays(Params.Param param, Params params) {
        String name = param.name();
        String value = param.value();
        if (ParamRules.isSaidTwice(name) || (value.isEmpty() && ParamRules.isUnsetIfEmpty(name))) {
            return null;
        }
        if (name.equals("PATH_TRANSLATED") && params.getOrEmpty("PATH_INFO").isEmpty()) {
            return null; // RFC 3875, 4.1.6
        }
        if (name.equals(FILENAME)) {
            String file = ScriptFilename.withoutProxy(value);
            return file.equals(value) ? param : new Params.Param(name, file);
        }
        return param;
    }

    private static Params whatIsLeft(List<Params.@Nullable Param> changed) {
        Params left = new Params();
        for (Params.Param param : changed) {
            if (param != null) {
                left.add(param);
            }
        }
        return left;
    }
}
