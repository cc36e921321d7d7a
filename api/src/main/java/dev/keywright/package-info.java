/**
 * The words and verbs of API keys: what a back end calls.
 *
 * <p>Start at {@link dev.keywright.ApiKeys}. Code that only checks keys needs {@link dev.keywright.KeyVerifier}; what
 * manages the keys of one tenant is {@link dev.keywright.management.TenantKeys}, and only a {@link dev.keywright.management.ManagementSession} leads to
 * it. Outcomes that a caller must branch on are the sealed {@link dev.keywright.Verification}; everything else that goes
 * wrong is a {@link dev.keywright.KeywrightException}.
 *
 * <p>Unless a type says otherwise, it is immutable and safe for use by many threads, its methods never return null, and
 * a null argument is a {@link java.lang.NullPointerException} at once. Instants are whole milliseconds: what is finer is
 * cut off.
 */
@NullMarked
package dev.keywright;

import org.jspecify.annotations.NullMarked;
