package org.cgifpm.daemon.supervisor.checks;

import java.util.Optional;

/** What users and groups are called. May block: launch threads. */
public interface Names {
    Optional<String> user(int uid);

    Optional<String> group(int gid);

    /** Such as {@code uid 1000 (alice)}. */
    default String ofUser(int uid) {
        return "uid " + Integer.toUnsignedString(uid)
                + user(uid).map(name -> " (" + name + ")").orElse("");
    }

    /** Such as {@code gid 33 (www-data)}. */
    default String ofGroup(int gid) {
        return "gid " + Integer.toUnsignedString(gid)
                + group(gid).map(name -> " (" + name + ")").orElse("");
    }
}
