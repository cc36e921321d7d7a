/** The parts that stress tests and benchmarks share: a PostgreSQL server, a network proxy, a slow store, and process signals. */
@NullMarked
package dev.keywright.stress.kit;

import org.jspecify.annotations.NullMarked;
