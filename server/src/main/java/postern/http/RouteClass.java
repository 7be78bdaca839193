package postern.http;

/** What kind of work a route is, for the limits. */
public enum RouteClass {
  /** Reads one thing, or a fixed few. */
  READ,
  /** Changes something. */
  WRITE,
  /** Reads a list, page by page. EasyPost's documents call it an index endpoint. */
  INDEX,
  /** Reads what is new, and waits for it. Counted as a read: a consumer asks again and again. */
  FEED,
  /** Shows secrets, or makes them. */
  SECRET,
  /** Lets somebody in. Counted by network address. */
  LOG_IN,
  /** Opens an account, or has a link mailed. Counted by network address. */
  SIGN_UP
}
