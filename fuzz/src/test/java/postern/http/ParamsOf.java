package postern.http;

import java.util.Map;
import java.util.Optional;
import postern.core.ApiException;
import postern.json.Json;
import postern.json.JsonException;

/** The parameters that a body carries. */
public final class ParamsOf {
  private ParamsOf() {}

  /** Reads JSON, or a form where it is none; empty where it is neither. */
  public static Optional<Params> body(byte[] bytes) {
    try {
      return Optional.of(Params.of(Map.of(), Json.parse(bytes)));
    } catch (JsonException notJson) {
      return form(bytes);
    }
  }

  private static Optional<Params> form(byte[] bytes) {
    try {
      return Optional.of(Params.of(FormData.parse(bytes), null));
    } catch (ApiException refused) {
      return Optional.empty();
    }
  }
}
