/** What every change tells: the journals above write it down, each in its own way. */
@NullMarked
package postern.journal;

import org.jspecify.annotations.NullMarked;
