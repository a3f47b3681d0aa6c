/** Processes of all backends: how they are started within their bounds, and how all of one tree end. */
@NullMarked
package org.cgifpm.adapters.backend.process;

import org.jspecify.annotations.NullMarked;
