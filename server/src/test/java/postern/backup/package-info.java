@org.jspecify.annotations.NullMarked
package postern.backup;
