/**
 * Model of the coherent cache, checked exhaustively: every order of the transitions of a small scenario. {@link
 * dev.keywright.core.model.State} is the state, {@link dev.keywright.core.model.Transitions} the next-state relation, {@link
 * dev.keywright.core.model.Scenarios} the configurations, and {@link dev.keywright.core.model.Fault} the planted faults.
 *
 * <p>The model comes first: a change to a step of {@code CachingKeyFinder}, {@code RevisionPoller} or {@code KeyCache} is
 * made here, and checked, before it is made there.
 */
package dev.keywright.core.model;
