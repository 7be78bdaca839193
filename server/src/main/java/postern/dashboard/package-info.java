/**
 * The web side: pages for people who have logged in, and those by which they come in. A door over
 * the features: it holds no rule of theirs.
 */
@NullMarked
package postern.dashboard;

import org.jspecify.annotations.NullMarked;
