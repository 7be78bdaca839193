/** The route and the shapes of the audit log. */
@NullMarked
package postern.audit.web;

import org.jspecify.annotations.NullMarked;
