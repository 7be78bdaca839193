package postern.main;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.util.encoders.Base32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import postern.crypto.Totp;
import postern.dashboard.Visitor;
import postern.main.TestClient.Reply;
import postern.main.TestServer.Account;

/**
 * A known key, a known password and the sealing key are found nowhere after real work with them.
 */
@Tag("storage")
class SecretsTest extends RouteTest {
  private static final String PASSWORD = "an unmistakable pass phrase";
  private static final String WRONG = "an unmistakable wrong guess";
  private static final String WEBHOOK_SECRET = "an unmistakable webhook secret";
  private static final String URL_PASSWORD = "unmistakable-url-password";
  private static final Pattern KEY_VALUE = Pattern.compile("\"value\"\\s*:\\s*\"([^\"]{20,})\"");

  private static final class Recorder extends Handler {
    private final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();

    @Override
    public void publish(LogRecord record) {
      lines.add(new SimpleFormatter().format(record));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  private final Recorder recorder = new Recorder();
  private final List<Logger> loggers =
      List.of(
          Logger.getLogger("postern"),
          Logger.getLogger("org.postgresql"),
          Logger.getLogger("com.zaxxer"));

  @BeforeEach
  void listen() {
    recorder.setLevel(Level.ALL);
    Logger.getLogger("").addHandler(recorder);
    loggers.forEach(logger -> logger.setLevel(Level.ALL));
  }

  @AfterEach
  void stopListening() {
    Logger.getLogger("").removeHandler(recorder);
    loggers.forEach(logger -> logger.setLevel(null));
  }

  @Test
  void standNeitherInLogsNorMetricsNorErrorsNorTheDatabase() throws Exception {
    Account account = server().account(Optional.of(PASSWORD));
    List<String> errors = work(account);
    List<String> secrets = new ArrayList<>(List.of(PASSWORD, WRONG));
    secrets.addAll(List.of(account.productionKey(), account.testKey()));
    Matcher sealing =
        KEY_VALUE.matcher(Files.readString(server().dataDir().resolve("keyset.json")));
    assertThat(sealing.find()).isTrue();
    secrets.add(sealing.group(1));
    secrets.add(Files.readAllLines(server().dataDir().resolve("signing-key")).getFirst());
    secrets.addAll(List.of(WEBHOOK_SECRET, URL_PASSWORD));
    secrets.addAll(ofTheWebSide());
    String database = database();
    for (String secret : secrets) {
      for (String form : formsOf(secret)) {
        assertThat(recorder.lines).noneMatch(line -> line.contains(form));
        assertThat(server().asOperator().get("/metrics").body()).doesNotContain(form);
        assertThat(errors).noneMatch(error -> error.contains(form));
        assertThat(database).doesNotContain(form);
      }
    }
    assertThat(recorder.lines).anyMatch(line -> line.contains("route=GET /v2/api_keys"));
    assertThat(database).contains("$argon2id$", account.id().substring(5, 13));
  }

  /** What opens sessions, links and second factors, after each was used. */
  private static List<String> ofTheWebSide() {
    Account account = server().account(Optional.of(PASSWORD));
    Visitor visitor = Visitor.loggedIn(server(), account.email(), PASSWORD);
    String session = String.valueOf(visitor.cookie()).replaceAll("^.*=", "");
    visitor.get("/log-in");
    visitor.post("/log-in", Map.of("email", account.email(), "password", WRONG));
    String typed = found("class=\"typed\">([A-Z2-7 ]+)<", visitor.get("/profile/second-factor"));
    String code = Totp.code(Base32.decode(typed.replace(" ", "")), server().time().instant());
    Reply enabled = visitor.post("/profile/second-factor", Map.of("code", code));
    String recovery = found("<code>([a-z2-7-]{16,})</code>", enabled);
    visitor.post("/keys/" + keyId(account, "production") + "/reveal", Map.of());
    String link = server().resetLink(account.email());
    visitor.get("/reset-password/" + link);
    visitor.post("/reset-password/" + link, Map.of("password", WRONG));
    String invitation = server().invite("invited@example.com");
    visitor.get("/invitation/" + invitation);
    return List.of(
        session,
        typed,
        typed.replace(" ", ""),
        recovery,
        link,
        invitation,
        account.productionKey());
  }

  private static String found(String pattern, Reply page) {
    Matcher matcher = Pattern.compile(pattern).matcher(page.body());
    assertThat(matcher.find()).as(page.body()).isTrue();
    return matcher.group(1);
  }

  private static List<String> formsOf(String secret) {
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    String pair =
        Base64.getEncoder().encodeToString((secret + ":").getBytes(StandardCharsets.UTF_8));
    return List.of(secret, HexFormat.of().formatHex(bytes), pair);
  }

  /** Everything that meets a key or a password; the errors among the answers. */
  private static List<String> work(Account account) {
    List<Reply> replies = new ArrayList<>();
    TestClient client = as(account);
    replies.add(client.get("/v2/users"));
    replies.add(client.get("/v2/api_keys"));
    replies.add(client.get("/v2/users/" + account.productionKey()));
    replies.add(client.get("/v2/users/children?after_id=" + account.productionKey()));
    replies.add(client.get("/" + account.productionKey()));
    replies.add(server().as(account.testKey()).get("/v2/users"));
    replies.add(server().as(account.productionKey() + "x").get("/v2/users"));
    replies.add(client.post("/v2/api_keys", "{\"mode\":\"" + account.productionKey() + "\"}"));
    replies.add(client.post("/v2/users", "{\"password\":\"" + PASSWORD + "\"}"));
    replies.add(client.post("/v2/users", "{\"password\":\"" + PASSWORD));
    for (String current : List.of(WRONG, PASSWORD)) {
      replies.add(
          client.patch(
              "/v2/users",
              "{\"password\":\"" + PASSWORD + "\",\"current_password\":\"" + current + "\"}"));
    }
    String hook =
        "{\"url\":\"http://me:%s@127.0.0.1:9/\",\"webhook_secret\":\"%s\"}"
            .formatted(URL_PASSWORD, WEBHOOK_SECRET);
    String id = client.post("/v2/webhooks", hook).text("id");
    replies.add(client.get("/v2/webhooks/" + id + "/" + WEBHOOK_SECRET.replace(' ', '+')));
    client.patch("/v2/webhooks/" + id, "{\"webhook_secret\":\"" + WEBHOOK_SECRET + "\"}");
    client.post("/v2/users", "{}");
    server().numberEvents();
    server().flushRefusals();
    server().signAudit();
    server().flushKeyUsage();
    List<Reply> errors = replies.stream().filter(reply -> reply.status() >= 400).toList();
    assertThat(errors).hasSizeGreaterThanOrEqualTo(8);
    return errors.stream().map(Reply::body).toList();
  }

  private static String database() {
    StringBuilder dump = new StringBuilder();
    for (String table :
        rows(
            server(),
            "select quote_ident(table_name) from information_schema.tables"
                + " where table_schema = 'public'")) {
      rows(table, "true").forEach(row -> dump.append(row).append('\n'));
    }
    return dump.toString();
  }

  @Test
  void aSealedKeyOpensInNoOtherRow() {
    Account one = server().account();
    Account two = server().account();
    assertThat(
            rows(
                server(),
                "update api_keys set sealed = (select sealed from api_keys where id = ?)"
                    + " where id = ? returning id::text",
                uuid(keyId(one, "production")),
                uuid(keyId(two, "production"))))
        .hasSize(1);
    Reply reply = as(two).get("/v2/api_keys");
    assertRefused(reply, 500, "INTERNAL_SERVER_ERROR");
    assertThat(reply.body()).doesNotContain(one.productionKey());
  }
}
