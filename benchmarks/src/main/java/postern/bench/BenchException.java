package postern.bench;

/** The benchmark cannot go on, or what it has measured means nothing; the message says why. */
final class BenchException extends RuntimeException {
  BenchException(String message) {
    super(message);
  }
}
