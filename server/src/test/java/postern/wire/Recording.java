package postern.wire;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import postern.json.Json;
import postern.json.JsonException;

/**
 * One recorded request and its answer: what the clients sent to the letter, and of the answer the
 * status, the headers, the error or the shape of the body. In texts {@code {parent}}, {@code
 * {child}}, {@code {key}}, {@code {email}} and {@code {unknown}} stand for what a test makes.
 */
record Recording(Map<?, ?> members) {
  static List<Recording> all() {
    try (InputStream in =
        Objects.requireNonNull(Recording.class.getResourceAsStream("/wire/users-and-keys.json"))) {
      List<?> read = (List<?>) Objects.requireNonNull(Json.parse(in.readAllBytes()));
      return read.stream().map(each -> new Recording((Map<?, ?>) each)).toList();
    } catch (IOException | JsonException e) {
      throw new IllegalStateException(e);
    }
  }

  String name() {
    return text("name");
  }

  String text(String member) {
    return String.valueOf(members.get(member));
  }

  @Nullable String textIfAny(String member) {
    return (String) members.get(member);
  }

  int status() {
    return Integer.parseInt(text("status"));
  }

  /** The headers by lower-case name; the value is null where it differs from answer to answer. */
  Map<?, ?> headers() {
    return (Map<?, ?>) Objects.requireNonNull(members.get("header_values"));
  }

  @Nullable Object get(String member) {
    return members.get(member);
  }

  @Override
  public String toString() {
    return name();
  }
}
