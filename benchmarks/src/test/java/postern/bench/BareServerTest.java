package postern.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helidon.webserver.WebServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BareServerTest {
  private static final RecordedAnswer ANSWER =
      new RecordedAnswer(
          403,
          List.of(
              "Date: Thu, 01 Jan 2026 00:00:00 GMT",
              "Connection: keep-alive",
              "Content-Length: 9",
              "Content-Type: application/json",
              "X-Runtime: 0.000123"),
          "{\"a\":\"x\"}");

  @Test
  void isReadAsItWasWritten() {
    assertThat(RecordedAnswer.parse(ANSWER.text())).isEqualTo(ANSWER);
  }

  @Test
  void sendsTheRecordedBytes(@TempDir Path folder) throws Exception {
    Bare.record(folder, 0, ANSWER);
    WebServer server = BareServer.start(folder, 0);
    try {
      RecordedAnswer sent =
          RecordedAnswer.of("http://127.0.0.1:" + server.port(), "/0/v2/users", "Bearer x");
      assertThatCode(() -> ANSWER.requireSame(sent)).doesNotThrowAnyException();
    } finally {
      server.stop();
    }
  }

  @Test
  void anotherAnswerIsNotTheSame() {
    RecordedAnswer longer = new RecordedAnswer(403, ANSWER.headers(), ANSWER.body() + " ");
    RecordedAnswer ok = new RecordedAnswer(200, ANSWER.headers(), ANSWER.body());
    RecordedAnswer bare = new RecordedAnswer(403, List.of("Content-Length: 9"), ANSWER.body());
    for (RecordedAnswer other : List.of(longer, ok, bare)) {
      assertThatThrownBy(() -> ANSWER.requireSame(other)).isInstanceOf(BenchException.class);
    }
  }
}
