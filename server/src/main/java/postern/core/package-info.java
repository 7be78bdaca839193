/** Values that every other package speaks of: ids, money, the caller, refusals. JDK only. */
@NullMarked
package postern.core;

import org.jspecify.annotations.NullMarked;
