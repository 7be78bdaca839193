package postern.http;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the head of one request says about where the request ends, and the head as Helidon
 * understands it. A head that two readers could understand in two ways is refused (RFC 9112
 * sections 2.2, 5, 6 and 11.2), since a proxy in front could take another view of where the next
 * request begins.
 */
final class RequestFraming {
  /** In place of the length of a body that comes in chunks. */
  static final long CHUNKED = -1;

  private static final String OLD = " HTTP/1.0";
  private static final String NEW = " HTTP/1.1";
  private static final int LENGTH_DIGITS_MAX = 18;
  private static final String HEX = "0123456789ABCDEF";

  /** What browsers and clients send in a target as it is, though RFC 3986 wants it encoded. */
  private static final String UNENCODED = "\"<>[]\\^`{|}";

  private final byte[] head;
  private final long bodyBytes;
  private final boolean isHead;
  private final boolean isOld;
  private final boolean isLast;
  private final boolean isHeldBack;

  private RequestFraming(byte[] head, boolean isHead, Fields fields) {
    this.head = head;
    this.isHead = isHead;
    this.bodyBytes = fields.bodyBytes();
    this.isOld = fields.isOld;
    this.isLast = fields.isOld || fields.isLast;
    this.isHeldBack = fields.isHeldBack;
  }

  /** The bytes for Helidon, to the empty line. */
  byte[] head() {
    return head;
  }

  /** The length of the body; {@link #CHUNKED} if it comes in chunks. */
  long bodyBytes() {
    return bodyBytes;
  }

  /** Whether the answer has no body. */
  boolean isHead() {
    return isHead;
  }

  /** Whether the client speaks HTTP/1.0: it knows no chunks, and one request a connection. */
  boolean isOld() {
    return isOld;
  }

  /** Whether the connection is closed after the answer, as the client wants it. */
  boolean isLast() {
    return isLast;
  }

  /** Whether the client may wait with the body until it is told to send it. */
  boolean isHeldBack() {
    return isHeldBack;
  }

  /**
   * Reads a head.
   *
   * @param head from the method to the empty line
   * @throws FramingException if it is not understood
   */
  static RequestFraming of(byte[] head) {
    // One character a byte: what is not ASCII stays as it is.
    String text = new String(head, StandardCharsets.ISO_8859_1);
    int lineEnd = text.indexOf("\r\n");
    String line = text.substring(0, lineEnd);
    boolean isOld = line.endsWith(OLD);
    Fields fields = new Fields(isOld);
    fields.read(text, lineEnd + 2);
    String normalised = normalised(line, isOld);
    byte[] sent = head;
    if (isOld || !normalised.equals(line)) {
      String rest = isOld ? fields.kept.toString() : text.substring(lineEnd + 2);
      sent = (normalised + "\r\n" + rest).getBytes(StandardCharsets.ISO_8859_1);
    }
    return new RequestFraming(sent, line.startsWith("HEAD "), fields);
  }

  /**
   * The request line with a target in origin form, encoded, and the version that Helidon speaks.
   */
  private static String normalised(String line, boolean isOld) {
    requireNoControls(line, 0, line.length(), false);
    int first = line.indexOf(' ');
    int last = line.lastIndexOf(' ');
    if (first <= 0 || last <= first + 1) {
      return line;
    }
    String target = encoded(inOriginForm(line.substring(first + 1, last)));
    return line.substring(0, first + 1) + target + (isOld ? NEW : line.substring(last));
  }

  /** RFC 9112 section 3.2.2: a server must take the form that is meant for proxies, too. */
  private static String inOriginForm(String target) {
    int scheme = target.indexOf("://");
    String name = scheme < 0 ? "" : target.substring(0, scheme).toLowerCase(Locale.ROOT);
    if (!name.equals("http") && !name.equals("https")) {
      return target;
    }
    int path = target.indexOf('/', scheme + 3);
    int query = target.indexOf('?', scheme + 3);
    if (query >= 0 && (path < 0 || query < path)) {
      return "/" + target.substring(query);
    }
    return path < 0 ? "/" : target.substring(path);
  }

  private static String encoded(String target) {
    @Nullable StringBuilder changed = null;
    for (int i = 0; i < target.length(); i++) {
      char each = target.charAt(i);
      boolean isUnencoded = each > '~' || UNENCODED.indexOf(each) >= 0;
      if (isUnencoded && changed == null) {
        changed = new StringBuilder(target.length() + 16).append(target, 0, i);
      }
      if (changed != null) {
        if (isUnencoded) {
          changed.append('%').append(HEX.charAt(each >> 4)).append(HEX.charAt(each & 0xf));
        } else {
          changed.append(each);
        }
      }
    }
    return changed == null ? target : changed.toString();
  }

  private static void requireNoControls(String text, int start, int end, boolean mayHaveTabs) {
    for (int i = start; i < end; i++) {
      char each = text.charAt(i);
      if ((each < ' ' && !(mayHaveTabs && each == '\t')) || each == 0x7f) {
        throw new FramingException("a control character in the head");
      }
    }
  }

  /** The header fields, one by one. */
  private static final class Fields {
    private final boolean isOld;
    // Of an old client alone: the head of others is passed on as it came.
    private final StringBuilder kept = new StringBuilder();
    private boolean isLast;
    private boolean isHeldBack;
    private boolean isChunked;
    private long length = -1;
    private int hosts;

    Fields(boolean isOld) {
      this.isOld = isOld;
    }

    /** How long the body is. */
    long bodyBytes() {
      return isChunked ? CHUNKED : Math.max(0, length);
    }

    void read(String text, int start) {
      int at = start;
      int end = text.indexOf("\r\n", at);
      while (end > at) {
        requireNoControls(text, at, end, true);
        boolean isPassedOn = readField(text, at, end);
        if (isOld && isPassedOn) {
          kept.append(text, at, end + 2);
        }
        at = end + 2;
        end = text.indexOf("\r\n", at);
      }
      if (isChunked && length >= 0) {
        throw new FramingException("two framings");
      }
      if (hosts > 1 || (hosts == 0 && !isOld)) {
        throw new FramingException("not one Host");
      }
      if (isOld) {
        kept.append(hosts == 0 ? "Host: localhost\r\n" : "").append("Connection: close\r\n\r\n");
      }
    }

    /** Reads one line; whether it is passed on. */
    private boolean readField(String text, int start, int end) {
      int colon = text.indexOf(':', start);
      if (colon <= start || colon >= end || !isName(text, start, colon)) {
        throw new FramingException("a header that is not a name, a colon and a value");
      }
      if (is("host", text, start, colon)) {
        hosts++;
      } else if (is("content-length", text, start, colon)) {
        readLength(text.substring(colon + 1, end).strip());
      } else if (is("transfer-encoding", text, start, colon)) {
        readEncoding(text.substring(colon + 1, end).strip());
      } else if (is("connection", text, start, colon)) {
        isLast |= hasToken(text.substring(colon + 1, end), "close");
        return !isOld;
      } else if (is("expect", text, start, colon)) {
        isHeldBack |= !isOld && hasToken(text.substring(colon + 1, end), "100-continue");
        return !isOld;
      }
      return true;
    }

    private static boolean is(String name, String text, int start, int colon) {
      return name.length() == colon - start
          && text.regionMatches(true, start, name, 0, name.length());
    }

    private void readLength(String value) {
      boolean isNumber =
          !value.isEmpty()
              && value.length() <= LENGTH_DIGITS_MAX
              && value.chars().allMatch(each -> each >= '0' && each <= '9');
      if (!isNumber || length >= 0) {
        throw new FramingException("a length that is not one number");
      }
      length = Long.parseLong(value);
    }

    private void readEncoding(String value) {
      if (isOld || isChunked || !value.equalsIgnoreCase("chunked")) {
        throw new FramingException("a transfer coding other than chunked");
      }
      isChunked = true;
    }

    private static boolean hasToken(String value, String token) {
      for (String each : value.split(",", -1)) {
        if (each.strip().equalsIgnoreCase(token)) {
          return true;
        }
      }
      return false;
    }

    /** RFC 9110 section 5.6.2: no spaces, so that no line is folded and no name is hidden. */
    private static boolean isName(String text, int start, int colon) {
      for (int i = start; i < colon; i++) {
        char each = text.charAt(i);
        boolean isToken =
            (each >= 'a' && each <= 'z')
                || (each >= 'A' && each <= 'Z')
                || (each >= '0' && each <= '9')
                || "!#$%&'*+-.^_`|~".indexOf(each) >= 0;
        if (!isToken) {
          return false;
        }
      }
      return true;
    }
  }
}
