/** The routes and JSON shapes of events. */
@NullMarked
package postern.events.web;

import org.jspecify.annotations.NullMarked;
