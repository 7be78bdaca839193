/** Requests that may be sent again, and are carried out once. */
@NullMarked
package postern.idempotency;

import org.jspecify.annotations.NullMarked;
