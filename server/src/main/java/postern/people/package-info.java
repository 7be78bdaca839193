/** People: how they log in, and what they may log in to. Knows nothing of what an account holds. */
@NullMarked
package postern.people;

import org.jspecify.annotations.NullMarked;
