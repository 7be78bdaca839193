@org.jspecify.annotations.NullMarked
package postern.mail;
