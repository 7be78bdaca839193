/** Routes and JSON shapes of wallets. */
@NullMarked
package postern.billing.web;

import org.jspecify.annotations.NullMarked;
