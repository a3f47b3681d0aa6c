/** Measures the codec with JMH: {@code bench/codec} builds and runs it. */
@NullMarked
package org.cgifpm.bench;

import org.jspecify.annotations.NullMarked;
