/** Measures Postern beside what it could at best be, in one run on one machine. Never shipped. */
@NullMarked
package postern.bench;

import org.jspecify.annotations.NullMarked;
