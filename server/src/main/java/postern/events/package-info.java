/**
 * What happened, for those who want to hear of it: written with the change itself, read as a list
 * or as a feed, and handed on to whoever delivers it.
 */
@NullMarked
package postern.events;

import org.jspecify.annotations.NullMarked;
