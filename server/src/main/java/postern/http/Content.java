package postern.http;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import postern.json.Json;
import postern.json.JsonBody;

/** The body of an answer. */
sealed interface Content {
  String type();

  void writeTo(OutputStream target);

  record OfJson(String type, JsonBody body) implements Content {
    @Override
    public void writeTo(OutputStream target) {
      Json.write(body, target);
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record OfBytes(String type, byte[] bytes) implements Content {
    @Override
    public void writeTo(OutputStream target) {
      try {
        target.write(bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
