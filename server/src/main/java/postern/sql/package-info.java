/** PostgreSQL: the embedded server, the way to it, and everything that speaks SQL for the rest. */
@NullMarked
package postern.sql;

import org.jspecify.annotations.NullMarked;
