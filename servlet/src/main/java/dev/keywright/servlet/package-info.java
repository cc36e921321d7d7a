/**
 * Verification and management of API keys in a servlet container.
 *
 * <p>{@link dev.keywright.servlet.ApiKeyFilter} verifies the API key in the {@code Authorization} header, and admits a request
 * with a valid key to the configured routes only. An admitted request has an {@link dev.keywright.servlet.ApiKeyPrincipal}.
 * {@link dev.keywright.servlet.KeyManagementServlet} lets signed-in users manage keys; the host provides their session through
 * {@link dev.keywright.servlet.SessionAuthentication}. {@link dev.keywright.servlet.LeakedKeyServlet} revokes keys that were
 * found in public.
 *
 * <p>Error responses follow RFC 6750. Their body is {@code {"error": "a sentence"}}. No body, header or log entry repeats client
 * input.
 */
@NullMarked
package dev.keywright.servlet;

import org.jspecify.annotations.NullMarked;
