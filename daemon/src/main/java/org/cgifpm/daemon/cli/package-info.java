/** One class per command; each prints for people and returns an exit code. */
@NullMarked
package org.cgifpm.daemon.cli;

import org.jspecify.annotations.NullMarked;
