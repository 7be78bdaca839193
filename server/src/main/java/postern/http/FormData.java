package postern.http;

import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.core.ApiException;
import postern.core.ErrorCode;

/**
 * Reads {@code application/x-www-form-urlencoded} text, also that of a query string, with the
 * nesting that Rails understands: {@code user[name]=Ada} and {@code list[]=1}, brackets encoded or
 * not.
 */
final class FormData {
  private static final int DEPTH_MAX = 8;
  private static final int PAIRS_MAX = 1_000;

  private FormData() {}

  static Map<String, @Nullable Object> parse(byte[] bytes) {
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes))
              .toString();
      return parse(text);
    } catch (CharacterCodingException e) {
      throw new ApiException.Refused(ErrorCode.BAD_REQUEST);
    }
  }

  static Map<String, @Nullable Object> parse(String text) {
    Map<String, @Nullable Object> root = new LinkedHashMap<>();
    if (text.isEmpty()) {
      return root;
    }
    String[] pairs = text.split("&", PAIRS_MAX + 1);
    if (pairs.length > PAIRS_MAX) {
      throw new ApiException.Refused(ErrorCode.BAD_REQUEST);
    }
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
      if (!name.isEmpty()) {
        put(root, pathOf(name), equals < 0 ? null : decoded(pair.substring(equals + 1)));
      }
    }
    return root;
  }

  /** {@code a[b][]} is the path a, b, "" where the empty name stands for "one more element". */
  private static List<String> pathOf(String name) {
    List<String> path = new ArrayList<>(3);
    int open = name.indexOf('[');
    if (open <= 0 || !name.endsWith("]")) {
      return List.of(name);
    }
    path.add(name.substring(0, open));
    for (String part : name.substring(open + 1, name.length() - 1).split("\\]\\[", -1)) {
      path.add(part);
    }
    if (path.size() > DEPTH_MAX) {
      throw new ApiException.Refused(ErrorCode.BAD_REQUEST);
    }
    return path;
  }

  @SuppressWarnings("unchecked")
  private static void put(
      Map<String, @Nullable Object> target, List<String> path, @Nullable String value) {
    String name = path.getFirst();
    if (path.size() == 1) {
      target.put(name, value);
    } else if (path.size() == 2 && path.get(1).isEmpty()) {
      Object list = target.computeIfAbsent(name, n -> new ArrayList<@Nullable Object>());
      if (list instanceof List<?>) {
        ((List<@Nullable Object>) list).add(value);
      }
    } else {
      Object inner = target.get(name);
      if (!(inner instanceof Map<?, ?>)) {
        inner = new LinkedHashMap<String, @Nullable Object>();
        target.put(name, inner);
      }
      put((Map<String, @Nullable Object>) inner, path.subList(1, path.size()), value);
    }
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new ApiException.Refused(ErrorCode.BAD_REQUEST);
    }
  }
}
