/** The program: the commands, and the one place that wires everything together. */
@NullMarked
package postern.main;

import org.jspecify.annotations.NullMarked;
