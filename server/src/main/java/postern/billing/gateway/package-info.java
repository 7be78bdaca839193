/** The companies that move money, behind one interface, and the one that stands in for them. */
@NullMarked
package postern.billing.gateway;

import org.jspecify.annotations.NullMarked;
