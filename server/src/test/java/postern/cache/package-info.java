@NullMarked
package postern.cache;

import org.jspecify.annotations.NullMarked;
