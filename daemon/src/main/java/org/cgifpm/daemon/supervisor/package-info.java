/** Who may run what and how many at once: pools, admission, checks, and the one place where a request ends. */
@NullMarked
package org.cgifpm.daemon.supervisor;

import org.jspecify.annotations.NullMarked;
