/** The rooms put together: frontend, supervisor and backend of each pool, the loop below them, start and stop. */
@NullMarked
package org.cgifpm.daemon.wiring;

import org.jspecify.annotations.NullMarked;
