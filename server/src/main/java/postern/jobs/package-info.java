/** Work that is done again and again beside the requests. */
@NullMarked
package postern.jobs;

import org.jspecify.annotations.NullMarked;
