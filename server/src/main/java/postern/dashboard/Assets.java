package postern.dashboard;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import postern.crypto.Digests;
import postern.http.Access;
import postern.http.Answer;
import postern.http.Route;

/** The files that pages link to. Their paths name their content, so that browsers keep them. */
public final class Assets {
  private static final String HTMX = "/META-INF/resources/webjars/htmx.org/2.0.10/dist/htmx.min.js";
  private static final int DIGEST_CHARS = 12;

  /** Where they are. */
  public record Paths(String style, String script, String htmx) {}

  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record File(String path, String type, byte[] bytes) {
    static File of(String resource, String name, String ending, String type) {
      byte[] bytes = bytesOf(resource);
      String digest = HexFormat.of().formatHex(Digests.sha256(bytes)).substring(0, DIGEST_CHARS);
      return new File("/assets/" + name + "-" + digest + ending, type, bytes);
    }
  }

  Assets() {}

  private final File style = File.of("/web/app.css", "app", ".css", "text/css; charset=utf-8");
  private final File script =
      File.of("/web/app.js", "app", ".js", "text/javascript; charset=utf-8");
  private final File htmx = File.of(HTMX, "htmx", ".js", "text/javascript; charset=utf-8");

  Paths paths() {
    return new Paths(style.path, script.path, htmx.path);
  }

  List<Route> routes() {
    return List.of(route(style), route(script), route(htmx));
  }

  private static Route route(File file) {
    return new Route(
        "GET",
        file.path,
        Access.PUBLIC,
        call ->
            Answer.bytes(200, file.type, file.bytes)
                .header("Cache-Control", "public, max-age=31536000, immutable"));
  }

  private static byte[] bytesOf(String resource) {
    try (InputStream in =
        Objects.requireNonNull(Assets.class.getResourceAsStream(resource), resource)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
