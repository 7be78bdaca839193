package postern.http;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
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

  record OfText(String type, TextBody body) implements Content {
    @Override
    public void writeTo(OutputStream target) {
      try {
        Writer out = new BufferedWriter(new OutputStreamWriter(target, StandardCharsets.UTF_8));
        body.writeTo(out);
        out.flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
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
