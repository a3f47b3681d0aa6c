/** The package as apt meets it: installed, upgraded and removed in a root that is thrown away. */
@NullMarked
package org.cgifpm.packaging;

import org.jspecify.annotations.NullMarked;
