/** How requests get in: the FastCGI listener, its connections, and the two directions of bytes on each. */
@NullMarked
package org.cgifpm.adapters.frontend;

import org.jspecify.annotations.NullMarked;
