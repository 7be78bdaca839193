package postern.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import postern.testing.RawReceiver;

/** Receivers that send more, or for longer, than any answer needs. */
class HostileReceiverTest {
  /** What the operating system takes on both sides of a connection before anything is read. */
  private static final long IN_FLIGHT_BYTES_MAX = 16L << 20;

  private final Poster poster = new Poster(true, Duration.ofSeconds(2), 10);

  @AfterEach
  void closePoster() {
    poster.close();
  }

  private Poster.Outcome post(RawReceiver receiver) {
    return poster.post(
        URI.create(receiver.url("/h")), Map.of(), "{}".getBytes(StandardCharsets.UTF_8));
  }

  /** How an answer begins, what then comes without an end, and whether its status counts. */
  enum Endless {
    CHUNKED_BODY("200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "8\r\nabcdefgh\r\n", true),
    CHUNKS_OF_ONE_BYTE("200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\na\r\n", true),
    BODY_UNTIL_CLOSE("200 OK\r\n\r\n", "abcdefgh", true),
    BODY_OF_TERABYTES("200 OK\r\nContent-Length: 9999999999999\r\n\r\n", "abcdefgh", true),
    GZIP("200 OK\r\nContent-Encoding: gzip\r\n\r\n", "\u001f\u008b\b\0\0\0\0\0", true),
    REDIRECT("302 Found\r\nLocation: /h\r\n\r\n", "abcdefgh", true),
    INTERIM_ANSWERS("103 Early Hints\r\n\r\n", "HTTP/1.1 103 Early Hints\r\n\r\n", false),
    CONTINUES("100 Continue\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n", false),
    HEADERS("200 OK\r\n", "X-More: abcdefgh\r\n", false),
    A_HEADER("200 OK\r\nX-More: ", "abcdefgh", false),
    A_FOLDED_HEADER("200 OK\r\nX-More: a\r\n", " abcdefgh\r\n", false),
    INTERIM_HEADERS("103 Early Hints\r\n", "Link: </a>\r\n", false),
    A_STATUS_LINE("200 ", "abcdefgh", false),
    EMPTY_LINES("", "\r\n", false),
    A_CHUNK_SIZE("200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "00000000", false),
    A_CHUNK_EXTENSION("200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", "abcdefgh", false),
    TRAILERS("200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "X-More: abcdefgh\r\n", false);

    final String start;
    final String rest;
    final boolean hasStatus;

    Endless(String start, String rest, boolean hasStatus) {
      this.start = start;
      this.rest = rest;
      this.hasStatus = hasStatus;
    }
  }

  @ParameterizedTest
  @EnumSource
  void isCutOffAfterAFewKilobytes(Endless answer) {
    try (RawReceiver receiver =
        RawReceiver.start(
            (wire, n) -> {
              wire.send("HTTP/1.1 " + answer.start);
              wire.sendForEver(answer.rest.repeat(1_000));
            })) {
      Poster.Outcome outcome = post(receiver);
      assertThat(outcome.status() != 0).as(outcome.body()).isEqualTo(answer.hasStatus);
      assertThat(outcome.body().length()).isLessThanOrEqualTo(16_384);
      assertThat(outcome.body()).as("the deadline ended it").doesNotContain("within 2 seconds");
      assertThat(receiver.requests()).isEqualTo(1);
      assertThat(receiver.sentBytes()).isLessThan(IN_FLIGHT_BYTES_MAX);
    }
  }

  @Test
  void isCutOffWhenTheTimeIsOverHoweverSlowlyItSends() {
    try (RawReceiver receiver =
        RawReceiver.start(
            (wire, n) -> {
              wire.send("HTTP/1.1 200 OK\r\n\r\n");
              while (true) {
                wire.send("a");
                pause();
              }
            })) {
      assertThat(post(receiver).body()).isEqualTo("no answer within 2 seconds");
    }
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void anAnswerThatEndsKeepsItsConnection() {
    try (RawReceiver receiver =
        RawReceiver.start(
            (wire, n) ->
                wire.send(
                    "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 16384\r\n\r\n"
                        + "b".repeat(16_384)))) {
      for (int i = 0; i < 10; i++) {
        Poster.Outcome outcome = post(receiver);
        assertThat(outcome.status()).isEqualTo(200);
        assertThat(outcome.body()).hasSize(16_384);
      }
      assertThat(receiver.connections()).isEqualTo(1);
    }
  }

  @Test
  void aConnectionThatWasClosedSilentlyCostsNoAttempt() {
    try (RawReceiver receiver =
        RawReceiver.start(
            (wire, n) -> {
              if (wire.isFirst()) {
                wire.send("HTTP/1.1 204 No Content\r\n\r\n");
              } else {
                wire.close();
              }
            })) {
      for (int i = 0; i < 5; i++) {
        assertThat(post(receiver).status()).isEqualTo(204);
      }
      // All but the first go out on the kept connection of the one before, or, because that
      // client keeps none of its second tries, on a new one.
      assertThat(receiver.connections()).isEqualTo(5);
      assertThat(receiver.requests()).isGreaterThan(5);
    }
  }

  @Test
  void aSecondTryIsTheLast() {
    try (RawReceiver receiver =
        RawReceiver.start(
            (wire, n) -> {
              if (n == 1) {
                wire.send("HTTP/1.1 204 No Content\r\n\r\n");
              } else {
                wire.close();
              }
            })) {
      assertThat(post(receiver).status()).isEqualTo(204);
      assertThat(post(receiver).status()).isEqualTo(0);
      assertThat(receiver.requests()).as("one, one on the kept connection, one more").isEqualTo(3);
      assertThat(post(receiver).status()).isEqualTo(0);
      assertThat(receiver.requests()).as("a new connection is tried once").isEqualTo(4);
    }
  }

  @Test
  void anAnswerThatHasBegunIsNoStaleConnection() {
    try (RawReceiver receiver =
        RawReceiver.start(
            (wire, n) -> {
              if (n == 1) {
                wire.send("HTTP/1.1 204 No Content\r\n\r\n");
              } else {
                wire.send("HTTP/1.1 103 Early Hints\r\n\r\n");
                wire.close();
              }
            })) {
      assertThat(post(receiver).status()).isEqualTo(204);
      assertThat(post(receiver).status()).isEqualTo(0);
      assertThat(receiver.requests()).isEqualTo(2);
    }
  }
}
