/** CGI as RFC 3875 has it: the environment made from params, and the response head that a script prints. */
@NullMarked
package org.cgifpm.protocol.cgi;

import org.jspecify.annotations.NullMarked;
