/** How the daemon and its pools are doing: counted on the loop thread, told as values that any thread may read. */
@NullMarked
package org.cgifpm.daemon.status;

import org.jspecify.annotations.NullMarked;
