package postern.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.core.MailId;
import postern.main.TestServer;
import postern.main.TestServer.Account;
import postern.testing.Waiting;

/** Mail to a real mail server, which is not always there and does not take everything. */
class MailTest {
  private static final String FROM = "Postern <postern@example.com>";
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final ServerSetup setup = new ServerSetup(freePort(), "127.0.0.1", "smtp");
  private GreenMail server = new GreenMail(setup);

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @BeforeEach
  void start() {
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  private String url() {
    return "smtp://127.0.0.1:" + setup.getPort();
  }

  private static Mail mail(String recipient) {
    return new Mail(
        new MailId(new UUID(1, 2)),
        recipient,
        new Letter("Grüße – ünïcode", "Zeile 1\n\nhttps://localhost/x?y=1&z=ä\n"),
        1,
        Instant.parse("2026-11-23T07:00:00Z"));
  }

  @Test
  void arrivesAsItWasWritten() throws Exception {
    assertThat(new Smtp(url(), FROM, "", TIMEOUT).send(mail("ada@example.com")))
        .isEqualTo(new Smtp.Outcome.Sent());
    MimeMessage message = server.getReceivedMessages()[0];
    assertThat(message.getSubject()).isEqualTo("Grüße – ünïcode");
    assertThat(message.getFrom()[0]).hasToString(FROM);
    assertThat(message.getAllRecipients()[0]).hasToString("ada@example.com");
    assertThat(String.valueOf(message.getContent()).replace("\r", "").strip())
        .isEqualTo(mail("").letter().text().strip());
    assertThat(message.getHeader("Auto-Submitted")).containsExactly("auto-generated");
    assertThat(message.getContentType()).startsWith("text/plain").contains("UTF-8");
  }

  @Test
  void logsInWhereTheUrlHasAPassword() {
    server.stop();
    server = new GreenMail(setup);
    server.withConfiguration(
        new com.icegreen.greenmail.configuration.GreenMailConfiguration()
            .withUser("robot@example.com", "robot", "p@ss:w/rd"));
    server.start();
    String right = "smtp://robot:p%40ss:w%2Frd@127.0.0.1:" + setup.getPort();
    assertThat(new Smtp(right, FROM, "", TIMEOUT).send(mail("ada@example.com")))
        .isEqualTo(new Smtp.Outcome.Sent());
    String wrong = "smtp://robot:other@127.0.0.1:" + setup.getPort();
    assertThat(new Smtp(wrong, FROM, "", TIMEOUT).send(mail("ada@example.com")))
        .isInstanceOf(Smtp.Outcome.Unavailable.class);
  }

  @Test
  void isRefusedForGoodWhereTheAddressIsNone() {
    assertThat(new Smtp(url(), FROM, "", TIMEOUT).send(mail("no address at all")))
        .isInstanceOf(Smtp.Outcome.Refused.class);
  }

  @Test
  void isNotSentInTheClearWhereTlsIsInsistedOn() {
    String strict = "smtp+starttls://127.0.0.1:" + setup.getPort();
    assertThat(new Smtp(strict, FROM, "", TIMEOUT).send(mail("ada@example.com")))
        .isInstanceOf(Smtp.Outcome.Unavailable.class);
    assertThat(server.getReceivedMessages()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost:25", "http://localhost", "smtp://", "smtp://user:sesame@", "smtp:x y"})
  void saysWhatAUrlMustBeWithoutItsPassword(String url) {
    assertThatThrownBy(() -> new Smtp(url, FROM, "", TIMEOUT))
        .hasMessageStartingWith("mail.url must be like")
        .hasMessageNotContaining("sesame");
  }

  @Nested
  class OfAServer {
    private TestServer started() {
      return TestServer.start(java.util.Map.of("mail.url", url(), "signup.mode", "open"));
    }

    @Test
    void waitsForAMailServerThatIsNotThere() throws Exception {
      server.stop();
      try (TestServer postern = started()) {
        Account account = postern.account(Optional.of("four words are enough"));
        postern.askForReset(account.email());
        Waiting.until(
            "a first attempt",
            () -> !postern.rows("select 1 from mails where failure is not null").isEmpty());
        assertThat(postern.rows("select state from mails")).containsExactly("waiting");
        server = new GreenMail(setup);
        server.start();
        postern.time().advance(Duration.ofMinutes(1));
        postern.wakeMail();
        Waiting.until(
            "the mail",
            () -> {
              postern.wakeMail();
              return server.getReceivedMessages().length == 1;
            });
        Waiting.until(
            "its end", () -> postern.rows("select state from mails").equals(List.of("sent")));
        String body = GreenMailUtil.getBody(server.getReceivedMessages()[0]);
        assertThat(body).contains("/reset-password/");
        assertThat(postern.rows("select 1 from mails where sealed_text is not null"))
            .as("what opens something is not kept")
            .isEmpty();
      }
    }

    @Test
    void isGivenUpAfterADay() throws Exception {
      server.stop();
      try (TestServer postern = started()) {
        Account account = postern.account(Optional.of("four words are enough"));
        postern.askForReset(account.email());
        Waiting.until(
            "a first attempt",
            () -> !postern.rows("select 1 from mails where failure is not null").isEmpty());
        postern.time().advance(Duration.ofHours(25));
        Waiting.until(
            "its end",
            () -> {
              postern.wakeMail();
              return postern.rows("select state from mails").equals(List.of("failed"));
            });
      }
    }
  }
}
