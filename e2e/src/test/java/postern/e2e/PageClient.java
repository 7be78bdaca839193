package postern.e2e;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads pages without a browser, where what counts is what the server does. */
final class PageClient {
  private static final Pattern TOKEN = Pattern.compile("name=\"form_token\" value=\"([^\"]+)\"");

  private final HttpClient http = HttpClient.newHttpClient();
  private final String base;
  private String cookie = "";

  private PageClient(String base) {
    this.base = base;
  }

  /** One who has logged in as the account of a server for development. */
  static PageClient loggedIn(DevServer server) throws IOException, InterruptedException {
    PageClient client = new PageClient(server.fact("http"));
    Matcher token = TOKEN.matcher(client.get("/log-in"));
    if (!token.find()) {
      throw new AssertionError("no form to log in");
    }
    client.send(
        client
            .request("/log-in")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(
                BodyPublishers.ofString(
                    "form_token=%s&email=%s&password=%s"
                        .formatted(
                            token.group(1),
                            encoded(server.fact("email")),
                            encoded(server.fact("password"))))));
    return client;
  }

  /** A page. */
  String get(String path) throws IOException, InterruptedException {
    HttpResponse<String> answer = send(request(path).GET());
    if (answer.statusCode() != 200) {
      throw new AssertionError(path + " was answered with " + answer.statusCode());
    }
    return answer.body();
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path)).header("Accept", "text/html");
    return cookie.isEmpty() ? request : request.header("Cookie", cookie);
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
    answer
        .headers()
        .firstValue("Set-Cookie")
        .ifPresent(set -> cookie = set.substring(0, set.indexOf(';')));
    return answer;
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
