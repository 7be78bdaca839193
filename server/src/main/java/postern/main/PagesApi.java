package postern.main;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import postern.http.Access;
import postern.http.Answer;
import postern.http.Route;

/** What everybody may read: the description of the API, the page that shows it, the logo. */
final class PagesApi {
  /** These pages have a style and pictures of this server, and nothing that runs. */
  private static final String POLICY =
      "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'";

  List<Route> routes() {
    byte[] description = description();
    return List.of(
        page("/docs", "text/html; charset=utf-8", ApiPage.of(description)),
        page("/docs.css", "text/css; charset=utf-8", bytesOf("docs.css")),
        page("/openapi.json", Answer.JSON, description),
        page("/logo.svg", "image/svg+xml", bytesOf("logo.svg")));
  }

  /** The description of the API: an OpenAPI document in JSON. */
  static byte[] description() {
    return bytesOf("openapi.json");
  }

  private static Route page(String path, String type, byte[] bytes) {
    return new Route(
        "GET",
        path,
        Access.PUBLIC,
        call -> Answer.bytes(200, type, bytes).header("Content-Security-Policy", POLICY));
  }

  private static byte[] bytesOf(String resource) {
    String name = "/web/" + resource;
    try (InputStream in = Objects.requireNonNull(PagesApi.class.getResourceAsStream(name), name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
