/** What a benchmark program is made of, and what runs it. Martlet's programs and those of other runtimes share it. */
@NullMarked
package dev.martlet.bench.harness;

import org.jspecify.annotations.NullMarked;
