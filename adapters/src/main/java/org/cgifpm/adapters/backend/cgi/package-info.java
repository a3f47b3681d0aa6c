/** {@code mode = "exec"}: one process per request, as CGI has always been (RFC 3875). */
@NullMarked
package org.cgifpm.adapters.backend.cgi;

import org.jspecify.annotations.NullMarked;
