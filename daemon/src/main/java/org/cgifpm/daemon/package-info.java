/** Where the program starts. */
@NullMarked
package org.cgifpm.daemon;

import org.jspecify.annotations.NullMarked;
