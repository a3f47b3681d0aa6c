/** Keepers: Python interpreters of a pool's users that fork for each request. */
@NullMarked
package org.cgifpm.adapters.backend.warm;

import org.jspecify.annotations.NullMarked;
