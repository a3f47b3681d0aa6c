/** The access log: what is known of a finished request, and the formats in which it is written. */
@NullMarked
package org.cgifpm.daemon.log.access;

import org.jspecify.annotations.NullMarked;
