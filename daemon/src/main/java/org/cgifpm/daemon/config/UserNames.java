package org.cgifpm.daemon.config;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The system's users and groups. May block (LDAP), so a configuration is never read on the loop thread. */
public interface UserNames {
    /** The user of that name, if there is one. Not called for numbers. */
    OptionalInt uid(String name);

    /** The group of that name, if there is one. Not called for numbers. */
    OptionalInt gid(String name);

    /** The name of a user number, if it has one. */
    Optional<String> name(int uid);

    /** The own group of a user number, if there is such a user. */
    OptionalInt groupOf(int uid);

    /** All groups of a user whose own group is {@code gid}, which is among them. */
    List<Integer> groups(String user, int gid);
}
