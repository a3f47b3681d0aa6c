/** HTTP/1.1 in front of a folder of scripts and files, for development: what {@code cgi-fpm serve} answers with. */
@NullMarked
package org.cgifpm.adapters.frontend.http;

import org.jspecify.annotations.NullMarked;
