/**
 * The protocol of the coherent cache as a model that is searched exhaustively: every order in which the steps of a small world can
 * come. {@link dev.keywright.core.model.State} is what there is, {@link dev.keywright.core.model.Steps} what can happen, {@link
 * dev.keywright.core.model.Worlds} who takes part, and {@link dev.keywright.core.model.Fault} what is done wrong on purpose.
 *
 * <p>It models the code, not the other way round: whoever changes a step of {@code CachingKeyFinder}, {@code Heart} or {@code
 * Entries} changes it here first.
 */
package dev.keywright.core.model;
