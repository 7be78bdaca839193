package postern.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.util.encoders.Base32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import postern.crypto.Totp;
import postern.main.TestClient.Reply;
import postern.main.TestServer;
import postern.main.TestServer.Account;

/** What a change of the second factor takes, what it ends, and who is told. */
class FactorChangesTest {
  private static final String PASSWORD = "four words are enough";

  @SuppressWarnings("NullAway.Init")
  private static TestServer server;

  @SuppressWarnings("NullAway.Init")
  private static Mailbox mails;

  private final Account account = server.account(Optional.of(PASSWORD));

  @BeforeAll
  static void start() {
    server = TestServer.start(Map.of("mail.capture", "true"));
    mails = new Mailbox(server);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private Visitor loggedIn(String password) {
    return Visitor.loggedIn(server, account.email(), password);
  }

  private static boolean isIn(Visitor visitor) {
    return visitor.get("/overview").status() == 200;
  }

  private final Visitor visitor = loggedIn(PASSWORD);
  private final byte[] secret = secretIn(visitor.get("/profile/second-factor").body());

  private byte[] secretIn(String body) {
    Matcher typed = Pattern.compile("class=\"typed\">([A-Z2-7 ]+)<").matcher(body);
    assertThat(typed.find()).as(body).isTrue();
    return Base32.decode(typed.group(1).replace(" ", ""));
  }

  private String code() {
    // The code that was used last is not taken again.
    server.time().advance(Duration.ofSeconds(31));
    return Totp.code(secret, server.time().instant());
  }

  private List<String> enabled() {
    Reply reply = visitor.post("/profile/second-factor", Map.of("code", code()));
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return Pattern.compile("<li><code>([a-z2-7-]+)</code>")
        .matcher(reply.body())
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  private int switchedOff(String password, String code) {
    visitor.get("/profile");
    return visitor
        .post(
            "/profile/second-factor/disable",
            Map.of("factor_password", password, "factor_code", code))
        .status();
  }

  private Visitor halfWay() {
    Visitor other = new Visitor(server);
    other.get("/log-in");
    other.post("/log-in", Map.of("email", account.email(), "password", PASSWORD));
    return other;
  }

  private String newest() {
    return mails.to(account.email()).getFirst();
  }

  @Test
  void endsTheSessionsOfThePasswordAlone() {
    Visitor other = loggedIn(PASSWORD);
    enabled();
    assertThat(isIn(visitor)).isTrue();
    assertThat(isIn(other)).isFalse();
    assertThat(newest()).contains("switched on");
  }

  @Test
  void isSwitchedOffWithPasswordAndCodeOnly() {
    enabled();
    assertThat(switchedOff(PASSWORD, "")).isEqualTo(422);
    assertThat(switchedOff(PASSWORD, "000000")).isEqualTo(422);
    assertThat(switchedOff("wrong words of mine", code())).isEqualTo(422);
    assertThat(switchedOff("", code())).isEqualTo(422);
    assertThat(visitor.get("/profile").body()).contains("recovery codes are left");
    assertThat(switchedOff(PASSWORD, code())).isEqualTo(303);
    assertThat(newest()).contains("switched off");
    assertThat(isIn(loggedIn(PASSWORD))).isTrue();
    assertThat(switchedOff(PASSWORD, code())).as("it is off").isEqualTo(404);
  }

  @Test
  void isSwitchedOffWithARecoveryCodeWhichIsTold() {
    List<String> codes = enabled();
    assertThat(switchedOff(PASSWORD, codes.getFirst())).isEqualTo(303);
    assertThat(mails.to(account.email())).anyMatch(mail -> mail.contains("recovery code"));
  }

  @Test
  void tellsOfARecoveryCodeThatLetSomebodyIn() {
    List<String> codes = enabled();
    Visitor other = halfWay();
    other.get("/log-in/code");
    server.time().advance(Duration.ofSeconds(1));
    assertThat(other.post("/log-in/code", Map.of("code", codes.getFirst())).status())
        .isEqualTo(303);
    assertThat(newest()).contains("A recovery code was used");
  }

  @Test
  void waitsNoLongerForACodeOnceThePasswordIsAnother() {
    enabled();
    Visitor other = halfWay();
    assertThat(other.get("/log-in/code").status()).isEqualTo(200);
    Visitor resetter = new Visitor(server);
    resetter.get("/log-in");
    resetter.post(
        "/reset-password/" + server.resetLink(account.email()),
        Map.of("password", "four other words here"));
    assertThat(other.post("/log-in/code", Map.of("code", code())).header("Location"))
        .isEqualTo("/log-in");
    assertThat(isIn(other)).isFalse();
  }
}
