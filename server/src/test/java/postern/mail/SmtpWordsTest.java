package postern.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.core.MailId;
import postern.testing.Waiting;

/** What mail servers read that understand ASCII alone, and those that understand more. */
class SmtpWordsTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final String FROM = "M\u00fcller GmbH <post@m\u00fcller.example>";

  private static Smtp.Outcome send(RawSmtp server, String recipient, String subject) {
    return new Smtp(server.url(), FROM, "mail.example.com", TIMEOUT)
        .send(
            new Mail(
                new MailId(new UUID(1, 2)),
                recipient,
                new Letter(subject, "Gr\u00fc\u00dfe\n"),
                1,
                Instant.parse("2026-11-23T07:00:00Z")));
  }

  @Test
  void areAsciiForAServerThatOffersNothing() throws Exception {
    try (RawSmtp server = new RawSmtp("250-SIZE 1000000\r\n")) {
      assertThat(send(server, "ada@b\u00fccher.example", "Gr\u00fc\u00dfe"))
          .isEqualTo(new Smtp.Outcome.Sent());
      assertThat(String.join("", server.lines()).chars()).allMatch(c -> c < 128);
      assertThat(server.lines())
          .contains("EHLO mail.example.com")
          .anyMatch(line -> line.startsWith("MAIL FROM:<post@xn--mller-kva.example>"))
          .anyMatch(line -> line.startsWith("RCPT TO:<ada@xn--bcher-kva.example>"))
          .anyMatch(
              line ->
                  line.startsWith("From: =?UTF-8?Q?M=C3=BCller_GmbH?=")
                      && line.contains("<post@xn--mller-kva.example>"))
          .anyMatch(line -> line.startsWith("Subject: =?UTF-8?"));
    }
  }

  @Test
  void leaveAMailboxInOtherLettersToServersThatTakeIt() throws Exception {
    try (RawSmtp server = new RawSmtp("250-SIZE 1000000\r\n")) {
      assertThat(send(server, "j\u00f6rg@example.com", "Hello"))
          .isEqualTo(new Smtp.Outcome.Refused("the mail server does not offer SMTPUTF8"));
      assertThat(server.lines()).noneMatch(line -> line.startsWith("MAIL"));
    }
    try (RawSmtp server = new RawSmtp("250-SMTPUTF8\r\n250-8BITMIME\r\n")) {
      assertThat(send(server, "j\u00f6rg@example.com", "Hello")).isEqualTo(new Smtp.Outcome.Sent());
      String utf8 =
          new String("j\u00f6rg".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
      assertThat(server.lines())
          .anyMatch(line -> line.startsWith("MAIL FROM:") && line.contains("SMTPUTF8"))
          .anyMatch(line -> line.startsWith("RCPT TO:<" + utf8 + "@example.com>"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "A\r\nBcc: eve@example.com",
        "A\nBcc: eve@example.com",
        "A\rBcc: eve@example.com",
        "A\u2028Bcc: eve@example.com",
        "\u00c4\r\n\r\nBcc: eve@example.com"
      })
  void keepASubjectInItsHeader(String subject) throws Exception {
    try (RawSmtp server = new RawSmtp("250-SIZE 1000000\r\n")) {
      assertThat(send(server, "ada@example.com", subject)).isEqualTo(new Smtp.Outcome.Sent());
      assertThat(server.lines()).noneMatch(line -> line.startsWith("Bcc"));
      assertThat(server.lines()).filteredOn(line -> line.startsWith("RCPT")).hasSize(1);
    }
  }

  @Test
  void endWithAServerThatNeverStops() throws Exception {
    try (RawSmtp server = new RawSmtp("")) {
      assertThat(send(server, "ada@example.com", "Hello"))
          .isInstanceOf(Smtp.Outcome.Unavailable.class);
      Waiting.until("the connection has ended", () -> server.lines().contains("ended"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "A\r\nBcc: eve@example.com <a@example.com>",
        "no address",
        "a@",
        "A <a@exa mple>",
        ""
      })
  void areRefusedInASenderThatIsNone(String from) {
    assertThatThrownBy(() -> new Smtp("smtp://localhost", from, "", TIMEOUT))
        .hasMessageStartingWith("mail.from must be an e-mail address");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "a\r\nMAIL", "-a", "[1", "m\u00fcller.example"})
  void areRefusedInANameThatIsNone(String name) {
    assertThatThrownBy(() -> new Smtp("smtp://localhost", FROM, name, TIMEOUT))
        .hasMessageStartingWith("mail.ehlo-name must be");
  }
}
