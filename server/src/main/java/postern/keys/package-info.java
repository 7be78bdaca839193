/** API keys: their text, their life, and who is calling with one. */
@NullMarked
package postern.keys;

import org.jspecify.annotations.NullMarked;
