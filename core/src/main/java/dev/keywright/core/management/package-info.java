/** Management of keys above the store: issuing, rotation, revocation, import, reports and maintenance. */
@NullMarked
package dev.keywright.core.management;

import org.jspecify.annotations.NullMarked;
