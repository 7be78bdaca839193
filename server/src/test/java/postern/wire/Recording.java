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
  /** Those in a file of {@code /wire}. */
  static List<Recording> in(String file) {
    try (InputStream in =
        Objects.requireNonNull(Recording.class.getResourceAsStream("/wire/" + file))) {
      List<?> read = (List<?>) Objects.requireNonNull(Json.parse(in.readAllBytes()));
      return read.stream().map(each -> new Recording((Map<?, ?>) each)).toList();
    } catch (IOException | JsonException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The text of a member, with what a test has made in the place of what stands for it. */
  @Nullable String filled(String member, Map<String, String> values) {
    String filled = textIfAny(member);
    for (Map.Entry<String, String> value : values.entrySet()) {
      filled = filled == null ? null : filled.replace(value.getKey(), value.getValue());
    }
    return filled;
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
