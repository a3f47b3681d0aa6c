/** FastCGI 1.0 on the wire: records, name-value pairs, roles and management records, in both directions. */
@NullMarked
package org.cgifpm.protocol.fastcgi;

import org.jspecify.annotations.NullMarked;
