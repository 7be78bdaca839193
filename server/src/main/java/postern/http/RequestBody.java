package postern.http;

import io.helidon.common.buffers.DataReader;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.json.Json;
import postern.json.JsonException;

/** Reads the body of a request, whatever of the accepted types it has. */
final class RequestBody {
  /**
   * How much a body may be.
   *
   * @param bytesMax the largest, of whatever type
   * @param formBytesMax the largest form
   */
  record Limits(int bytesMax, int formBytesMax) {}

  /** What a value of a document or a form takes beside its text: an estimate. */
  private static final long VALUE_BYTES = 128;

  private RequestBody() {}

  /** The body as it came; empty where there is none. */
  static byte[] read(ServerRequest request, int bytesMax) {
    return request.content().hasEntity() ? bytesOf(request, bytesMax) : new byte[0];
  }

  /** What a body says, as a plain value; null where it is empty. */
  static @Nullable Object parse(ServerRequest request, byte[] bytes, Limits limits) {
    int first = firstOf(bytes);
    if (first == -1) {
      return null;
    }
    String type = header(request, HeaderNames.CONTENT_TYPE);
    int parameters = type.indexOf(';');
    Claim.CURRENT.get().grow(decodedBytes(bytes));
    return parse(
        bytes, first == '{', parameters < 0 ? type : type.substring(0, parameters).strip(), limits);
  }

  /** What a body takes when it is decoded: text of two bytes a character, and its values. */
  private static long decodedBytes(byte[] bytes) {
    int values = 1;
    for (byte each : bytes) {
      if (each == ',' || each == '[' || each == '{' || each == '&') {
        values++;
      }
    }
    return 2L * bytes.length + Math.min(values, Json.TOKENS_MAX) * VALUE_BYTES;
  }

  private static @Nullable Object parse(
      byte[] bytes, boolean looksLikeJson, String type, Limits limits) {
    if (type.equals("application/x-www-form-urlencoded") && !looksLikeJson) {
      if (bytes.length > limits.formBytesMax()) {
        throw new ApiException.Refused(ErrorCode.PAYLOAD_TOO_LARGE);
      }
      return FormData.parse(bytes);
    }
    // Curl says "form" of everything that is given with -d: an opening brace tells otherwise.
    if (type.isEmpty() || type.endsWith("json") || (looksLikeJson && type.contains("form"))) {
      try {
        return Json.parseRequest(bytes);
      } catch (JsonException e) {
        throw new ApiException.Invalid(ErrorCode.BAD_REQUEST, "body", e.problem());
      }
    }
    throw new ApiException.Refused(ErrorCode.UNSUPPORTED_MEDIA_TYPE);
  }

  private static byte[] bytesOf(ServerRequest request, int bytesMax) {
    try (InputStream in = request.content().inputStream()) {
      byte[] bytes = in.readNBytes(bytesMax + 1);
      if (bytes.length > bytesMax) {
        throw new ApiException.Refused(ErrorCode.PAYLOAD_TOO_LARGE);
      }
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (DataReader.InsufficientDataAvailableException e) {
      throw new CloseConnectionException("the body ended early", e);
    } catch (FramingException e) {
      throw new ApiException.Refused(ErrorCode.BAD_REQUEST);
    }
  }

  private static int firstOf(byte[] bytes) {
    for (byte each : bytes) {
      if (each > ' ' || each < 0) {
        return each;
      }
    }
    return -1;
  }

  private static String header(ServerRequest request, io.helidon.http.HeaderName name) {
    return request.headers().first(name).orElse("").strip().toLowerCase(Locale.ROOT);
  }
}
