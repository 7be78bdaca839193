@org.jspecify.annotations.NullMarked
package postern.idempotency;
