package postern.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.function.Function;
import postern.core.ApiException;
import postern.json.Json;
import postern.json.JsonException;

/** Has outside bytes read as the parameters of a request. */
public final class ParamsOf {
  private ParamsOf() {}

  /**
   * Reads a body of JSON, or a form where it is none, and hands it to readers; each takes it or
   * refuses it as the caller's mistake.
   */
  @SafeVarargs
  public static void body(byte[] bytes, Function<Params, ?>... readers) {
    try {
      Params given = paramsIn(bytes);
      for (Function<Params, ?> reader : readers) {
        read(given, reader);
      }
    } catch (ApiException refused) {
      assertThat(refused.code().status()).isBetween(400, 499);
    }
  }

  private static void read(Params given, Function<Params, ?> reader) {
    try {
      assertThat(reader.apply(given)).isNotNull();
    } catch (ApiException refused) {
      assertThat(refused.code().status()).isBetween(400, 499);
    }
  }

  private static Params paramsIn(byte[] bytes) {
    try {
      return Params.of(Map.of(), Json.parse(bytes));
    } catch (JsonException notJson) {
      return Params.of(FormData.parse(bytes), null);
    }
  }
}
