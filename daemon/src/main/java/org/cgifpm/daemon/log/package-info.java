/** Log lines: made safe, handed to a writer thread, written with the priority that journald reads. */
@NullMarked
package org.cgifpm.daemon.log;

import org.jspecify.annotations.NullMarked;
