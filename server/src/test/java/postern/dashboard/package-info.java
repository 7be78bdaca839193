@org.jspecify.annotations.NullMarked
package postern.dashboard;
