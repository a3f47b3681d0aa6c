/** What the service manager says to the daemon and hears from it. Pure Java: sockets and descriptors are given in. */
@NullMarked
package org.cgifpm.systemd;

import org.jspecify.annotations.NullMarked;
