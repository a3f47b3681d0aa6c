/** The kernel as the daemon uses it: system calls, one epoll loop, processes, sockets, users. The only room that sees jnr. */
@NullMarked
package org.cgifpm.adapters.os;

import org.jspecify.annotations.NullMarked;
