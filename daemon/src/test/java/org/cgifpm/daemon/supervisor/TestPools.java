package org.cgifpm.daemon.supervisor;

import org.cgifpm.daemon.config.Admission;
import org.cgifpm.daemon.config.IdentitySettings;
import org.cgifpm.daemon.config.ListenAddress;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.daemon.config.RunAs;
import org.cgifpm.daemon.config.Timeouts;

/** Pools that are set up without a configuration file. */
final class TestPools {
    static final int BODY_MAX = 1000;

    private TestPools() {}

    /** A pool called test, whose bodies have {@link #BODY_MAX} bytes at most. */
    static PoolSettings settings(String root, RunAs runAs, Admission admission, Timeouts timeouts) {
        PoolSettings defaults = PoolSettings.defaults("test", new ListenAddress.UnixPath("/run/none"), root);
        IdentitySettings identity = IdentitySettings.DEFAULT;
        return new PoolSettings(
                defaults.name(),
                defaults.listen(),
                defaults.root(),
                defaults.mode(),
                new IdentitySettings(
                        identity.user(),
                        identity.group(),
                        identity.groups(),
                        runAs,
                        identity.minUid(),
                        identity.minGid(),
                        identity.noNewPrivileges(),
                        identity.umask(),
                        identity.nice(),
                        identity.chroot(),
                        identity.apparmorProfile(),
                        identity.selinuxLabel(),
                        identity.confined()),
                defaults.limits(),
                defaults.scripts(),
                admission,
                timeouts,
                defaults.onAbort(),
                defaults.background(),
                BODY_MAX,
                defaults.environment(),
                defaults.logs(),
                defaults.pages(),
                defaults.workers(),
                defaults.python());
    }
}
