/**
 * Example portal of two school districts that uses Keywright like any back end.
 *
 * <p>The code for API keys is in three classes: {@link dev.keywright.examples.portal.Portal} builds the {@code ApiKeys}, {@code
 * PepperFile} keeps the pepper apart from the database, and {@code WebServer} registers the filter and the servlets. The rest
 * is what every application has: sign-in, a database and resources.
 */
@NullMarked
package dev.keywright.examples.portal;

import org.jspecify.annotations.NullMarked;
