package postern.dashboard;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.main.TestClient.Reply;
import postern.main.TestServer;

/** Somebody with a browser, which keeps one cookie and knows the token of the page it has seen. */
public final class Visitor {
  private static final Pattern TOKEN = Pattern.compile("name=\"form_token\" value=\"([^\"]+)\"");
  private static final String FORM = "application/x-www-form-urlencoded";

  private final TestServer server;
  private @Nullable String cookie;
  private @Nullable String formToken;
  private @Nullable String knownCookie;
  private @Nullable String address;

  public Visitor(TestServer server) {
    this.server = server;
  }

  /** One who has logged in as the owner of an account. */
  public static Visitor loggedIn(TestServer server, String email, String password) {
    Visitor visitor = new Visitor(server);
    visitor.get("/log-in");
    Reply reply = visitor.post("/log-in", Map.of("email", email, "password", password));
    if (reply.status() != 303) {
      throw new AssertionError("not logged in: " + reply.status() + " " + reply.body());
    }
    return visitor;
  }

  public Reply get(String path) {
    Reply reply = send("GET", path, null);
    Matcher token = TOKEN.matcher(reply.body());
    if (token.find()) {
      formToken = token.group(1);
    }
    return reply;
  }

  /** Sends a form of the page that was seen last. */
  public Reply post(String path, Map<String, String> fields) {
    Map<String, String> all = new HashMap<>(fields);
    if (formToken != null) {
      all.putIfAbsent("form_token", formToken);
    }
    return postBare(path, all);
  }

  /** Sends a form without its token. */
  Reply postBare(String path, Map<String, String> fields) {
    return send("POST", path, encoded(fields));
  }

  static String encoded(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(
            field ->
                URLEncoder.encode(field.getKey(), StandardCharsets.UTF_8)
                    + "="
                    + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  /** Sends whatever stands there as a form. */
  Reply send(String method, String path, @Nullable String body) {
    Map<String, String> headers = new HashMap<>(Map.of("Accept", "text/html"));
    String cookies =
        Stream.of(cookie, knownCookie).filter(Objects::nonNull).collect(Collectors.joining("; "));
    if (!cookies.isEmpty()) {
      headers.put("Cookie", cookies);
    }
    if (address != null) {
      headers.put("X-Forwarded-For", address);
    }
    Reply reply = server.as(null).send(method, path, body == null ? null : FORM, body, headers);
    reply.response().headers().allValues("Set-Cookie").forEach(this::keep);
    return reply;
  }

  private void keep(String set) {
    String kept = set.contains("Max-Age=0") ? null : set.substring(0, set.indexOf(';'));
    if (set.startsWith("__Host-postern-known=")) {
      knownCookie = kept;
    } else {
      cookie = kept;
    }
  }

  /** Has the browser come from an address, by way of a trusted proxy. */
  Visitor from(String other) {
    address = other;
    return this;
  }

  /** What the browser keeps: name, equals sign, value. */
  public @Nullable String cookie() {
    return cookie;
  }

  /** Has the browser send another cookie. */
  void setCookie(@Nullable String other) {
    cookie = other;
  }

  String formToken() {
    return String.valueOf(formToken);
  }
}
