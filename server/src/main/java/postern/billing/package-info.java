/** The family's wallet: its balance and the terms under which it is charged. */
@NullMarked
package postern.billing;

import org.jspecify.annotations.NullMarked;
