/** What Prometheus reads: all pools at one place, written and sent on a thread of its own. */
@NullMarked
package org.cgifpm.daemon.status.metrics;

import org.jspecify.annotations.NullMarked;
