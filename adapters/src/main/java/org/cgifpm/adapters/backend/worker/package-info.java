/** Persistent FastCGI applications: how many workers they have, and how requests reach them. */
@NullMarked
package org.cgifpm.adapters.backend.worker;

import org.jspecify.annotations.NullMarked;
