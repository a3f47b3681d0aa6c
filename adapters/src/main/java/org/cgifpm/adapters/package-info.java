/** What front ends and backends know of one another: an {@link org.cgifpm.adapters.Exchange} and who handles it. */
@NullMarked
package org.cgifpm.adapters;

import org.jspecify.annotations.NullMarked;
