/** Which Python a script asks for, and whether a keeper can stand in for it: what is told from its first line. */
@NullMarked
package org.cgifpm.daemon.supervisor.python;

import org.jspecify.annotations.NullMarked;
