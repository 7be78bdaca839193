/** Everything that a server holds, in one file, and back. */
@NullMarked
package postern.backup;

import org.jspecify.annotations.NullMarked;
