package postern.main;

import static postern.main.ApiPage.escaped;
import static postern.main.ApiPage.joined;
import static postern.main.ApiPage.list;
import static postern.main.ApiPage.map;
import static postern.main.ApiPage.prose;
import static postern.main.ApiPage.resolved;
import static postern.main.ApiPage.text;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One operation on the page of the API: what it does and needs, a call, an answer. */
final class ApiOperation {
  private final Map<?, ?> document;
  private final String method;
  private final String path;
  private final Map<?, ?> operation;
  private final StringBuilder html = new StringBuilder(4_096);

  ApiOperation(Map<?, ?> document, String method, String path, Map<?, ?> operation) {
    this.document = document;
    this.method = method;
    this.path = path;
    this.operation = operation;
  }

  String html() {
    String id = text(operation, "operationId");
    html.append("<article id=\"").append(id).append("\">\n<div>\n<h3>");
    html.append(escaped(text(operation, "summary"))).append("</h3>\n<code class=\"call\"><b>");
    html.append(method).append("</b> ").append(escaped(path)).append("</code>\n<p>");
    html.append(prose(text(operation, "description"))).append("</p>\n<p class=\"needs\">Needs ");
    html.append(isPublic() ? "no key" : "a production key");
    html.append(operation.containsKey("x-postern-extension") ? "; Postern's own" : "");
    html.append(".</p>\n");
    writeParameters();
    writeMembers();
    writeRefusals();
    html.append("</div>\n<div>\n");
    writeCurl();
    writeAnswer();
    return html.append("</div>\n</article>\n").toString();
  }

  private boolean isPublic() {
    return operation.containsKey("security");
  }

  private void writeParameters() {
    List<?> parameters = list(operation, "parameters");
    if (parameters.isEmpty()) {
      return;
    }
    html.append("<h4>Parameters</h4>\n<dl>\n");
    for (Object given : parameters) {
      Map<?, ?> parameter = resolved(document, (Map<?, ?>) given);
      term(text(parameter, "name"), text(parameter, "description"));
    }
    html.append("</dl>\n");
  }

  private void writeMembers() {
    Map<?, ?> content = map(map(operation, "requestBody"), "content");
    if (content.isEmpty()) {
      return;
    }
    Map<?, ?> both = resolved(document, map(map(content, "application/json"), "schema"));
    Map<?, ?> flat = resolved(document, (Map<?, ?>) list(both, "oneOf").getLast());
    html.append("<h4>Body</h4>\n<dl>\n");
    map(flat, "properties")
        .forEach((name, schema) -> term(String.valueOf(name), meaning((Map<?, ?>) schema)));
    html.append("</dl>\n");
  }

  private static String meaning(Map<?, ?> schema) {
    List<?> choices = list(schema, "enum");
    return choices.isEmpty() ? text(schema, "description") : "One of " + joined(choices) + ".";
  }

  private void writeRefusals() {
    if (isPublic()) {
      return;
    }
    html.append("<h4>Refusals</h4>\n<dl class=\"refusals\">\n");
    map(operation, "responses")
        .forEach(
            (status, given) -> {
              Map<?, ?> answer = resolved(document, (Map<?, ?>) given);
              if (answer.containsKey("x-postern-codes")) {
                term(String.valueOf(status), joined(list(answer, "x-postern-codes")));
              }
            });
    html.append("</dl>\n");
  }

  private void term(String name, String meaning) {
    html.append("<dt><code>").append(escaped(name)).append("</code></dt><dd>");
    html.append(prose(meaning)).append("</dd>\n");
  }

  private void writeCurl() {
    html.append("<h4>Call</h4>\n<pre tabindex=\"0\"><code>curl");
    html.append(isPublic() ? "" : " -u \"$KEY:\"");
    html.append("GET".equals(method) ? "" : " -X " + method);
    html.append(" \"$BASE").append(escaped(path.replace("{id}", "$ID"))).append('"');
    Object body =
        map(map(map(operation, "requestBody"), "content"), "application/json").get("example");
    if (body != null) {
      html.append(" \\\n  -H \"Content-Type: application/json\" \\\n  -d '");
      html.append(escaped(oneLine(body))).append('\'');
    }
    html.append("</code></pre>\n");
  }

  private void writeAnswer() {
    Map<?, ?> responses = map(operation, "responses");
    String status = String.valueOf(responses.keySet().iterator().next());
    Map<?, ?> answer = map(responses, status);
    html.append("<h4>Answer ").append(status).append("</h4>\n");
    Object example = map(map(answer, "content"), "application/json").get("example");
    if (example == null) {
      html.append("<p>").append(escaped(text(answer, "description"))).append("</p>\n");
      return;
    }
    StringBuilder json = new StringBuilder(1_024);
    append(json, example, "\n");
    html.append("<pre tabindex=\"0\"><code>").append(escaped(json.toString()));
    html.append("</code></pre>\n");
  }

  private static String oneLine(Object value) {
    StringBuilder json = new StringBuilder();
    append(json, value, "");
    return json.toString();
  }

  /** The examples hold plain texts alone, so that nothing needs an escape. */
  private static void append(StringBuilder json, @Nullable Object value, String lineBreak) {
    String inner = lineBreak.isEmpty() ? "" : lineBreak + "  ";
    switch (value) {
      case Map<?, ?> members when !members.isEmpty() -> {
        String separator = "{";
        for (Map.Entry<?, ?> member : members.entrySet()) {
          json.append(separator).append(inner).append('"').append(member.getKey());
          json.append("\": ");
          append(json, member.getValue(), inner);
          separator = ",";
        }
        json.append(lineBreak).append('}');
      }
      case List<?> elements -> {
        json.append('[');
        for (Iterator<?> each = elements.iterator(); each.hasNext(); ) {
          json.append(inner);
          append(json, each.next(), inner);
          json.append(each.hasNext() ? "," : lineBreak);
        }
        json.append(']');
      }
      case String text -> json.append('"').append(text).append('"');
      case null, default -> json.append(value);
    }
  }
}
