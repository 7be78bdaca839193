/** What EasyPost was recorded to answer, asked of Postern. */
@NullMarked
package postern.wire;

import org.jspecify.annotations.NullMarked;
