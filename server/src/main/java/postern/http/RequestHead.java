package postern.http;

import io.helidon.http.Header;
import io.helidon.http.ServerRequestHeaders;
import java.util.OptionalLong;
import postern.core.ApiException;
import postern.core.ErrorCode;

/** What the head of a request tells before anything else is done for it. */
final class RequestHead {
  /** The colon, the space and the line's end. */
  private static final int BYTES_AROUND_A_HEADER = 4;

  /** Each line takes some hundred bytes in memory, however short it is. */
  private static final int LINES_MAX = 200;

  private RequestHead() {}

  /**
   * Refuses requests that are too large, and headers without a name.
   *
   * @throws ApiException.Refused with {@code HEADERS_TOO_LARGE}, {@code PAYLOAD_TOO_LARGE} or
   *     {@code BAD_REQUEST}
   */
  static void check(ServerRequestHeaders headers, int headerBytesMax, int bodyBytesMax) {
    long headerBytes = 0;
    int lines = 0;
    for (Header header : headers) {
      if (header.name().isEmpty()) {
        throw new ApiException.Refused(ErrorCode.BAD_REQUEST);
      }
      headerBytes += bytesOf(header);
      lines += header.valueCount();
    }
    if (headerBytes > headerBytesMax || lines > LINES_MAX) {
      throw new ApiException.Refused(ErrorCode.HEADERS_TOO_LARGE);
    }
    OptionalLong bodyBytes = headers.contentLength();
    if (bodyBytes.isPresent() && bodyBytes.getAsLong() > bodyBytesMax) {
      throw new ApiException.Refused(ErrorCode.PAYLOAD_TOO_LARGE);
    }
  }

  /** Each line of a header that is sent several times counts. */
  private static int bytesOf(Header header) {
    int around = header.name().length() + BYTES_AROUND_A_HEADER;
    if (header.valueCount() == 1) {
      return around + header.get().length();
    }
    int bytes = 0;
    for (String value : header.allValues()) {
      bytes += around + value.length();
    }
    return bytes;
  }
}
