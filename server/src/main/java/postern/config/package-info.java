/** The settings: what can be set, where a value comes from, what it may be. */
@NullMarked
package postern.config;

import org.jspecify.annotations.NullMarked;
