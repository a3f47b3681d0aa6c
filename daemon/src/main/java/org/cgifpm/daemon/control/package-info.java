/** What an administrator asks of a running daemon, and how the question gets there. */
@NullMarked
package org.cgifpm.daemon.control;

import org.jspecify.annotations.NullMarked;
