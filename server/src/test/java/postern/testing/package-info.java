/** What the tests of all packages share: a real PostgreSQL and small fakes. */
@NullMarked
package postern.testing;

import org.jspecify.annotations.NullMarked;
