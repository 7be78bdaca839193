package postern.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.WritableHeaders;

/** The headers that every answer carries, as recorded on EasyPost's. */
final class CommonHeaders {
  private static final HeaderName REQUEST_ID = HeaderNames.create("X-Ep-Request-Uuid");
  private static final HeaderName RUNTIME = HeaderNames.create("X-Runtime");

  private static final Header[] ALWAYS = {
    HeaderValues.createCached("X-Frame-Options", "SAMEORIGIN"),
    HeaderValues.createCached("X-XSS-Protection", "1; mode=block"),
    HeaderValues.createCached("X-Content-Type-Options", "nosniff"),
    HeaderValues.createCached("X-Download-Options", "noopen"),
    HeaderValues.createCached("X-Permitted-Cross-Domain-Policies", "none"),
    HeaderValues.createCached("Referrer-Policy", "strict-origin-when-cross-origin"),
    HeaderValues.createCached("Cache-Control", "private, no-cache, no-store"),
    HeaderValues.createCached("Pragma", "no-cache"),
    HeaderValues.createCached("Expires", "0")
  };

  // RFC 6797 forbids it on plain HTTP.
  private static final Header STRICT_TRANSPORT_SECURITY =
      HeaderValues.createCached(
          "Strict-Transport-Security", "max-age=31536000; includeSubDomains; preload");

  private CommonHeaders() {}

  static void addTo(
      WritableHeaders<?> headers, boolean secure, String requestId, long runtimeNanos) {
    for (Header header : ALWAYS) {
      headers.set(header);
    }
    if (secure) {
      headers.set(STRICT_TRANSPORT_SECURITY);
    }
    headers.set(HeaderValues.create(REQUEST_ID, requestId));
    headers.set(HeaderValues.create(RUNTIME, seconds(runtimeNanos)));
  }

  /** Seconds with six places, such as {@code 0.455733}. */
  private static String seconds(long nanos) {
    long micros = nanos / 1_000;
    String fraction = Long.toString(1_000_000 + micros % 1_000_000).substring(1);
    return micros / 1_000_000 + "." + fraction;
  }
}
