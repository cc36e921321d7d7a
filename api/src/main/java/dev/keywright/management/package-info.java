/**
 * Management of API keys: issuing, listing, rotating, revoking, importing, and reports.
 *
 * <p>Every operation starts from {@link dev.keywright.ApiKeys}: {@code managedBy} takes a
 * {@link dev.keywright.management.ManagementSession} and returns the {@link dev.keywright.management.TenantKeys} of that session's
 * tenant; {@code operatedBy} takes a {@link dev.keywright.management.Job} and returns the
 * {@link dev.keywright.management.KeyOperations}. An API key leads to neither.
 */
@NullMarked
package dev.keywright.management;

import org.jspecify.annotations.NullMarked;
