/** The routes and JSON shapes of webhooks and of what was delivered to them. */
@NullMarked
package postern.webhooks.web;

import org.jspecify.annotations.NullMarked;
