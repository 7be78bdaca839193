/**
 * Who did what: one row for each change and each refusal, chained so that nobody can alter them
 * unseen.
 */
@NullMarked
package postern.audit;

import org.jspecify.annotations.NullMarked;
