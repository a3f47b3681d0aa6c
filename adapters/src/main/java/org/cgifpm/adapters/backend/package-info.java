/** What all backends have in common on the way of an answer. */
@NullMarked
package org.cgifpm.adapters.backend;

import org.jspecify.annotations.NullMarked;
