package postern.bench;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The yardstick of requests: bare routes of Helidon that send the bytes of recorded answers, and do
 * nothing else. {@code BareServer FOLDER PORT}, where the file {@code N} in the folder is the
 * answer to every {@code GET /N/…}.
 */
public final class BareServer {
  /** What Helidon writes by itself. */
  private static final List<String> OWN = List.of("date", "connection", "content-length");

  private BareServer() {}

  /** Runs it until the process is told to stop. */
  public static void main(String[] arguments) throws IOException {
    start(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
  }

  static WebServer start(Path folder, int port) throws IOException {
    HttpRouting.Builder routing = HttpRouting.builder();
    try (Stream<Path> answers = Files.list(folder)) {
      for (Path answer : answers.toList()) {
        routing.get(
            "/" + answer.getFileName() + "/*",
            handler(RecordedAnswer.parse(Files.readString(answer, StandardCharsets.ISO_8859_1))));
      }
    }
    return WebServer.builder()
        .address(InetAddress.getLoopbackAddress())
        .port(port)
        .routing(routing)
        .build()
        .start();
  }

  private static Handler handler(RecordedAnswer answer) {
    Status status = Status.create(answer.status());
    List<Header> headers =
        answer.headers().stream().filter(BareServer::isOurs).map(BareServer::header).toList();
    byte[] body = answer.body().getBytes(StandardCharsets.ISO_8859_1);
    return (request, response) -> {
      response.status(status);
      headers.forEach(response.headers()::set);
      response.send(body);
    };
  }

  private static boolean isOurs(String line) {
    return !OWN.contains(line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT));
  }

  private static Header header(String line) {
    int colon = line.indexOf(':');
    return HeaderValues.createCached(
        HeaderNames.create(line.substring(0, colon)), line.substring(colon + 1).strip());
  }
}
