/** The routes and JSON shapes of API keys. */
@NullMarked
package postern.keys.web;

import org.jspecify.annotations.NullMarked;
