/** What a script must pass before it runs: one small class for each check, and the order in which they are made. */
@NullMarked
package org.cgifpm.daemon.supervisor.checks;

import org.jspecify.annotations.NullMarked;
