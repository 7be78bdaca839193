@NullMarked
package postern.bench;

import org.jspecify.annotations.NullMarked;
