package postern.main;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import postern.json.Json;
import postern.json.JsonException;

/** Makes the page that shows the description of the API: once, when the server starts. */
final class ApiPage {
  private final Map<?, ?> document;
  private final StringBuilder html = new StringBuilder(200_000);

  private ApiPage(Map<?, ?> document) {
    this.document = document;
  }

  /** The page for an OpenAPI document, as HTML in UTF-8. */
  static byte[] of(byte[] openApi) {
    try {
      Map<?, ?> document = (Map<?, ?>) Objects.requireNonNull(Json.parse(openApi));
      return new ApiPage(document).render().getBytes(StandardCharsets.UTF_8);
    } catch (JsonException e) {
      throw new IllegalStateException("the description of the API is not JSON", e);
    }
  }

  private String render() {
    Map<?, ?> info = map(document, "info");
    html.append(
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Postern API</title>
        <link rel="icon" href="/logo.svg">
        <link rel="stylesheet" href="/docs.css">
        </head>
        <body>
        <header>
        """);
    element("h1", "Postern API " + text(info, "version"));
    element("p", text(info, "summary"));
    element("p", text(info, "description"));
    element("p", "In the calls, BASE is the URL of this server, KEY a key and ID an ID.");
    Map<String, StringBuilder> sections = sections();
    html.append("<nav aria-label=\"Sections\">");
    sections.keySet().forEach(tag -> link("#" + anchor(tag), tag));
    link("/openapi.json", "openapi.json");
    html.append("</nav>\n</header>\n<main>\n");
    sections.forEach(
        (tag, body) -> {
          html.append("<section id=\"").append(anchor(tag)).append("\">\n");
          element("h2", tag);
          html.append(body).append("</section>\n");
        });
    return html.append("</main>\n</body>\n</html>\n").toString();
  }

  private Map<String, StringBuilder> sections() {
    Map<String, StringBuilder> sections = new LinkedHashMap<>();
    list(document, "tags").forEach(tag -> sections.put(text((Map<?, ?>) tag, "name"), part()));
    map(document, "paths")
        .forEach(
            (path, methods) ->
                ((Map<?, ?>) methods)
                    .forEach(
                        (method, given) -> {
                          Map<?, ?> operation = (Map<?, ?>) given;
                          String tag = String.valueOf(list(operation, "tags").getFirst());
                          Objects.requireNonNull(sections.get(tag), tag)
                              .append(
                                  new ApiOperation(
                                          document,
                                          String.valueOf(method).toUpperCase(Locale.ROOT),
                                          String.valueOf(path),
                                          operation)
                                      .html());
                        }));
    return sections;
  }

  private static StringBuilder part() {
    return new StringBuilder(16_384);
  }

  private void element(String name, String text) {
    html.append('<').append(name).append('>').append(escaped(text));
    html.append("</").append(name).append(">\n");
  }

  private void link(String target, String text) {
    html.append("<a href=\"").append(target).append("\">").append(escaped(text)).append("</a>\n");
  }

  private static String anchor(String tag) {
    return tag.toLowerCase(Locale.ROOT).replace(' ', '-');
  }

  /** What a reference points to; anything else as it is. */
  static Map<?, ?> resolved(Map<?, ?> document, Map<?, ?> given) {
    if (!(given.get("$ref") instanceof String reference)) {
      return given;
    }
    Map<?, ?> found = document;
    for (String step : reference.substring("#/".length()).split("/", -1)) {
      found = map(found, step);
    }
    return found;
  }

  static Map<?, ?> map(Map<?, ?> from, String name) {
    return from.get(name) instanceof Map<?, ?> found ? found : Map.of();
  }

  static List<?> list(Map<?, ?> from, String name) {
    return from.get(name) instanceof List<?> found ? found : List.of();
  }

  static String text(Map<?, ?> from, String name) {
    @Nullable Object value = from.get(name);
    return value == null ? "" : value.toString();
  }

  static String joined(List<?> values) {
    return values.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  /** Escaped, with what stands between backticks as code. */
  static String prose(String text) {
    return escaped(text).replaceAll("`([^`]+)`", "<code>$1</code>");
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
