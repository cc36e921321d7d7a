/** What the stress tests and the benchmarks share: a PostgreSQL server, a network proxy, and process signals. */
@NullMarked
package dev.keywright.stress.kit;

import org.jspecify.annotations.NullMarked;
