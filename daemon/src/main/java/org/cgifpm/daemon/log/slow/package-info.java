/** The slow log: what the processes of a request are doing that takes long. */
@NullMarked
package org.cgifpm.daemon.log.slow;

import org.jspecify.annotations.NullMarked;
