/** The pages that the daemon answers itself in place of a pool's scripts: how the pool is doing, and whether it is. */
@NullMarked
package org.cgifpm.daemon.status.page;

import org.jspecify.annotations.NullMarked;
