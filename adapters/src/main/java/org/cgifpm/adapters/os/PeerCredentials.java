package org.cgifpm.adapters.os;

/** Who connected to a Unix socket, as the kernel saw it at connect time (unix(7), SO_PEERCRED). */
public record PeerCredentials(int pid, int uid, int gid) {}
