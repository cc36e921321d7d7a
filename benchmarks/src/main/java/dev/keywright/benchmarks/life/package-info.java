/**
 * The whole life of many keys, in many hands at once, beside a model of the right answer.
 *
 * <p>{@link dev.keywright.benchmarks.life.LifeRun} is started by people, and its small brother by the tests. A {@code Run}
 * lets {@code Worker}s {@code Read} and {@code Write} on several nodes, all on one store. For each key there is a {@code
 * KeyHistory}, which knows what the key can be at any time, and for each tenant a {@code TenantHistory}. Each answer is
 * compared with these as soon as it is there; what is known only at the end is left to the {@code Audit}.
 *
 * <p>The model says by itself what is right: it uses the values of the API, and none of the library's rules.
 */
@NullMarked
package dev.keywright.benchmarks.life;

import org.jspecify.annotations.NullMarked;
