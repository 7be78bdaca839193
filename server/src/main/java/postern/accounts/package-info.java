/** Users: parents and their children, what is known of them, their brand. */
@NullMarked
package postern.accounts;

import org.jspecify.annotations.NullMarked;
