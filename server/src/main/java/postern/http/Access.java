package postern.http;

/** What a route asks of its caller. */
public enum Access {
  /** Nothing: open to everybody. */
  PUBLIC,
  /** A live key of either mode. */
  ANY_KEY,
  /** A live production key. */
  PRODUCTION_KEY,
  /** A person who has logged in: a page. */
  SESSION
}
