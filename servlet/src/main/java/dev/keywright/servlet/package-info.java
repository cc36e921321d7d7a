/**
 * API keys in a servlet container.
 *
 * <p>{@link dev.keywright.servlet.ApiKeyFilter} comes before the application: it verifies the API key in the {@code
 * Authorization} header, and admits it to the routes of its table only. An admitted request has an {@link
 * dev.keywright.servlet.ApiKeyPrincipal}. {@link dev.keywright.servlet.KeyManagementServlet} lets signed-in users manage keys;
 * the host finds their session by {@link dev.keywright.servlet.SessionAuthentication}. {@link
 * dev.keywright.servlet.LeakedKeyServlet} lets the finder of a leaked key revoke it.
 *
 * <p>Error responses follow RFC 6750. Their body is {@code {"error": "a sentence"}}; neither body, header nor log repeats client
 * input.
 */
@NullMarked
package dev.keywright.servlet;

import org.jspecify.annotations.NullMarked;
