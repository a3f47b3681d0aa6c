package org.cgifpm.daemon.config;

import com.moandjiezana.toml.Toml;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cgifpm.daemon.config.ListenAddress.UnixPath;

/**
 * Reads a configuration with everything it includes, and says everything that is wrong with it at once.
 *
 * <p>The only class that knows the TOML library (TOML 0.4: no dotted keys, no mixed arrays). Opens nothing but the files
 * and looks at the folders they name; may block, so do not call it on the loop thread.
 */
public final class ConfigReader {
    private final Identity self;
    private final UserNames names;
    private final Map<String, String> environment;
    private final FileOwners owners;

    /**
     * @param self who the daemon is
     * @param environment the daemon's own, for {@code [pool.NAME.env]}
     */
    public ConfigReader(Identity self, UserNames names, Map<String, String> environment) {
        this(self, names, environment, FileOwners.SYSTEM);
    }

    ConfigReader(Identity self, UserNames names, Map<String, String> environment, FileOwners owners) {
        this.self = self;
        this.names = names;
        this.environment = environment;
        this.owners = owners;
    }

    /**
     * Reads a main file.
     *
     * @throws ConfigException with every problem, when there is at least one
     */
    public Config read(Path file) throws ConfigException {
        Problems problems = new Problems();
        List<Source> sources = new SourceFiles(ConfigReader::parse, problems).read(file);
        boolean complete = problems.isEmpty();
        if (self.isRoot() || self.privileged()) {
            new ConfigFileSafety(problems, owners, names).check(sources);
        }
        Source main = sources.get(0);
        SharedAddresses addresses = new SharedAddresses(problems, owners);
        SocketSafety sockets = new SocketSafety(self, names);

        Section daemon = new Section(main, "", main.tables(), problems).table("daemon");
        DaemonSettings settings = DaemonSection.read(daemon);
        if (daemon.has("control")) {
            addresses.claim(new UnixPath(settings.control()), "daemon.control", main);
        }
        settings.metricsListen().ifPresent(address -> addresses.claim(address, "daemon.metrics_listen", main));
        new LogFileSafety(daemon, owners, names, self, IdentitySettings.DEFAULT).check("log", settings.log());
        Map<String, Source> seen = new LinkedHashMap<>();
        List<PoolSettings> pools = new ArrayList<>();
        for (Source source : sources) {
            Section top = new Section(source, "", source.tables(), problems);
            Keys.checkTop(top);
            if (source.order() > 0 && top.has("daemon")) {
                top.problem("daemon", "stands only in the main file " + main.file() + "; move it there");
            }
            readPools(top, seen, pools, addresses, sockets);
        }
        sockets.check();
        if (complete
                && seen.isEmpty()
                && main.tables().getOrDefault("pool", Map.of()).equals(Map.of())) {
            problems.add(main, "pool", "no pool is configured; add a table [pool.NAME] with listen and root");
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems.sorted(), problems.warnings());
        }
        return new Config(settings, pools, file, problems.warnings());
    }

    private void readPools(
            Section top,
            Map<String, Source> seen,
            List<PoolSettings> pools,
            SharedAddresses addresses,
            SocketSafety sockets) {
        Section all = top.table("pool");
        for (String name : all.keys()) {
            Object value = all.value(name);
            if (!(value instanceof Map)) {
                all.problem(
                        name,
                        Keys.isPoolKey(name)
                                ? "belongs to a pool with a name; write [pool.NAME] above it"
                                : "a pool is a table; write [pool." + name + "]");
                continue;
            }
            Source first = seen.putIfAbsent(name, top.source());
            if (first != null) {
                all.problem(
                        name,
                        "stands already at " + first.place("pool." + name)
                                + "; a pool's name stands once, choose another");
            }
            Section pool = all.table(name);
            PoolSettings settings = new PoolSection(pool, self, names, environment).read(name);
            if (settings != null) {
                pools.add(settings);
                addresses.claim(settings.listen().address(), pool.full("listen"), top.source());
                sockets.add(pool, settings);
                new PathSafety(owners, names, self).check(pool, settings);
                new ChrootSafety(pool, self).check(settings);
                new LogFileSafety(pool, owners, names, self, settings.identity()).check(settings.logs());
            }
        }
    }

    /** Everything in a TOML document; throws whatever the library throws. */
    static Map<String, Object> parse(String text) {
        return new Toml().read(text).toMap();
    }
}
