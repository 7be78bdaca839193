/** Limits: how they are counted, shared and said. */
@org.jspecify.annotations.NullMarked
package postern.limits;
