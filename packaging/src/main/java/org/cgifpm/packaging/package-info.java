/** What of the package is made from the program itself. */
@NullMarked
package org.cgifpm.packaging;

import org.jspecify.annotations.NullMarked;
