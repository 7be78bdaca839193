/** Memory of what was read, which no finished change outlives. */
@NullMarked
package postern.cache;

import org.jspecify.annotations.NullMarked;
