/** Bytes on their way, in buffers that are used again. */
@NullMarked
package org.cgifpm.adapters.buffers;

import org.jspecify.annotations.NullMarked;
