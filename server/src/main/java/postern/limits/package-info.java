/** How often what may be done, by whom, and who has been given more. */
@NullMarked
package postern.limits;

import org.jspecify.annotations.NullMarked;
