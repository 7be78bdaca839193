/** The real program in processes of its own, met as its users meet it. */
@NullMarked
package postern.e2e;

import org.jspecify.annotations.NullMarked;
