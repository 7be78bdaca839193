/** Mail: written with the change that it tells of, sent after it. */
@NullMarked
package postern.mail;

import org.jspecify.annotations.NullMarked;
