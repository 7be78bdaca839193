/** HTTP: routes, the way of a request from its first byte to its log line, parameters, errors. */
@NullMarked
package postern.http;

import org.jspecify.annotations.NullMarked;
