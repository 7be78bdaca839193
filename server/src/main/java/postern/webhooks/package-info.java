/**
 * Who wants to be told of events, and the telling: at least once, in time, and without one receiver
 * holding up another.
 */
@NullMarked
package postern.webhooks;

import org.jspecify.annotations.NullMarked;
