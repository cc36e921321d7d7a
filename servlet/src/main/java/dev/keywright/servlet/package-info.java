/**
 * API keys in a servlet container.
 *
 * <p>{@link dev.keywright.servlet.ApiKeyFilter} stands before the application: it reads the {@code Authorization} header,
 * verifies what means to be an API key, and lets it reach only what its table of rules names. Behind it the request has an
 * {@link dev.keywright.servlet.ApiKeyPrincipal}. {@link dev.keywright.servlet.KeyManagementServlet} lets signed-in people
 * manage keys from their creation to their end; who they are, the host says through
 * {@link dev.keywright.servlet.SessionAuthentication}. {@link dev.keywright.servlet.LeakedKeyServlet} lets anybody end a key
 * that they have found.
 *
 * <p>Refusals follow RFC 6750. Their body is {@code {"error": "a sentence"}}; neither body, header nor log repeats what
 * the client has sent.
 */
@NullMarked
package dev.keywright.servlet;

import org.jspecify.annotations.NullMarked;
