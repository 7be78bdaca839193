package postern.bench;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A top-level account.
 *
 * @param id its user id on the wire
 * @param key its production key
 */
record Account(String id, String key) {
  private static final String PREFIX = "user_";

  /** What stands in {@code Authorization}, in the form that the official clients send. */
  String basic() {
    return basic(key);
  }

  static String basic(String key) {
    return "Basic "
        + Base64.getEncoder().encodeToString((key + ":").getBytes(StandardCharsets.US_ASCII));
  }

  /** The id as PostgreSQL reads it. */
  String uuid() {
    return id.substring(PREFIX.length());
  }
}
