/**
 * A portal of two school districts that uses Keywright as any back end would: the library's first outside user, and made
 * to be copied from.
 *
 * <p>{@link dev.keywright.examples.portal.Portal} puts the parts together. What a back end needs for API keys is in three
 * places: {@code Portal} builds the {@code ApiKeys}, {@code PepperFile} keeps the pepper apart from the database, and
 * {@code WebServer} places the filter and the management servlet. The rest is what every application has already: people
 * who are signed in, a database, and something to serve.
 */
@NullMarked
package dev.keywright.examples.portal;

import org.jspecify.annotations.NullMarked;
