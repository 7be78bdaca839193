/** JSON in and out; the only package that knows which library reads and writes it. */
@NullMarked
package postern.json;

import org.jspecify.annotations.NullMarked;
