package org.cgifpm.daemon.config;

import java.util.OptionalInt;

/** The system's users and groups. May block (LDAP), so a configuration is never read on the loop thread. */
public interface UserNames {
    /** The user of that name, if there is one. Not called for numbers. */
    OptionalInt uid(String name);

    /** The group of that name, if there is one. Not called for numbers. */
    OptionalInt gid(String name);
}
