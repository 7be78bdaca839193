/** The routes and JSON shapes of users, children and brands. */
@NullMarked
package postern.accounts.web;

import org.jspecify.annotations.NullMarked;
