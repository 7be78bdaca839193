package postern.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.util.encoders.Base32;
import org.junit.jupiter.api.Test;
import postern.crypto.Totp;
import postern.main.RouteTest;
import postern.main.TestServer.Account;
import postern.testing.TestPostgres;
import postern.testing.Waiting;

/**
 * Two requests about one person at the same time. The test holds the lock of the person until both
 * have come as far as they can without it: what they have checked by then is out of date for the
 * second one.
 */
class CredentialRaceTest extends RouteTest {
  private static final String PASSWORD = "four words are enough";
  private static final String NEXT = "four other words here";

  private final Account account = server().account(Optional.of(PASSWORD));

  private Visitor loggedIn() {
    Visitor visitor = Visitor.loggedIn(server(), account.email(), PASSWORD);
    visitor.get("/profile");
    return visitor;
  }

  private static Visitor fresh() {
    Visitor visitor = new Visitor(server());
    visitor.get("/log-in");
    return visitor;
  }

  private static boolean isIn(Visitor visitor) {
    return visitor.get("/overview").status() == 200;
  }

  /** Has the requests wait for the person's lock in this order, and lets them go on together. */
  private List<Integer> overlapping(List<Callable<Integer>> requests) throws Exception {
    List<Future<Integer>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      try (Connection holder = lock()) {
        for (Callable<Integer> request : requests) {
          running.add(threads.submit(request));
          Waiting.until(
              running.size() + " requests wait for the lock of the person",
              () -> waiting() == running.size());
        }
        holder.rollback();
      }
      return running.stream().map(CredentialRaceTest::statusOf).toList();
    }
  }

  private static int statusOf(Future<Integer> request) {
    try {
      return request.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private Connection lock() throws SQLException {
    Connection holder = TestPostgres.connect(server().database());
    holder.setAutoCommit(false);
    try (PreparedStatement statement =
        holder.prepareStatement("select 1 from people where email = ? for update")) {
      statement.setString(1, account.email());
      statement.executeQuery();
    }
    return holder;
  }

  private static int waiting() {
    return rows(
            server(),
            "select pid::text from pg_stat_activity where datname = current_database()"
                + " and wait_event_type = 'Lock'")
        .size();
  }

  private static Callable<Integer> post(Visitor visitor, String path, Map<String, String> fields) {
    return () -> visitor.post(path, fields).status();
  }

  private Callable<Integer> logIn(Visitor visitor) {
    return post(visitor, "/log-in", Map.of("email", account.email(), "password", PASSWORD));
  }

  private Callable<Integer> reset() {
    String link = "/reset-password/" + server().resetLink(account.email());
    return post(fresh(), link, Map.of("password", NEXT));
  }

  private static Callable<Integer> change(Visitor visitor, String next) {
    return post(
        visitor, "/profile/password", Map.of("current_password", PASSWORD, "new_password", next));
  }

  @Test
  void aLogInWithTheOldPasswordDoesNotOutliveAReset() throws Exception {
    Visitor thief = fresh();
    assertThat(overlapping(List.of(reset(), logIn(thief)))).containsExactly(303, 422);
    assertThat(isIn(thief)).isFalse();
  }

  @Test
  void noSessionIsLeftWhereTheLogInCameFirst() throws Exception {
    Visitor thief = fresh();
    assertThat(overlapping(List.of(logIn(thief), reset()))).containsExactly(303, 303);
    assertThat(isIn(thief)).isFalse();
  }

  @Test
  void aLogInWithTheOldPasswordDoesNotOutliveAChange() throws Exception {
    Visitor thief = fresh();
    assertThat(overlapping(List.of(change(loggedIn(), NEXT), logIn(thief))))
        .containsExactly(303, 422);
    assertThat(isIn(thief)).isFalse();
  }

  @Test
  void aChangeInASessionThatAResetHasEndedIsRefused() throws Exception {
    assertThat(overlapping(List.of(reset(), change(loggedIn(), "a thief's own words"))))
        .containsExactly(303, 422);
    Visitor.loggedIn(server(), account.email(), NEXT);
  }

  @Test
  void ofTwoChangesOneIsMade() throws Exception {
    assertThat(
            overlapping(
                List.of(change(loggedIn(), NEXT), change(loggedIn(), "the words of another"))))
        .containsExactly(303, 422);
  }

  @Test
  void aChangeOverTheApiIsRefusedAfterAReset() throws Exception {
    Callable<Integer> overTheApi =
        () ->
            as(account)
                .put(
                    "/v2/users",
                    "{\"user\":{\"password\":\"a thief's own words\",\"current_password\":\""
                        + PASSWORD
                        + "\"}}")
                .status();
    assertThat(overlapping(List.of(reset(), overTheApi))).containsExactly(303, 422);
    Visitor.loggedIn(server(), account.email(), NEXT);
  }

  @Test
  void aConfirmationWithTheOldPasswordIsRefused() throws Exception {
    Visitor thief = loggedIn();
    Callable<Integer> confirm = post(thief, "/confirm", Map.of("password", PASSWORD));
    assertThat(overlapping(List.of(reset(), confirm))).containsExactly(303, 422);
  }

  @Test
  void aChangeOfTheAddressIsNotAskedForAfterAReset() throws Exception {
    Visitor thief = loggedIn();
    Callable<Integer> ask =
        post(
            thief,
            "/profile/email",
            Map.of("email", "thief-" + account.email(), "email_password", PASSWORD));
    assertThat(overlapping(List.of(reset(), ask))).containsExactly(303, 422);
    assertThat(rows("links", "kind = 'email_change' and email = ?", "thief-" + account.email()))
        .isEmpty();
  }

  @Test
  void aSecondFactorIsNotSetUpInASessionThatHasEnded() throws Exception {
    Visitor thief = loggedIn();
    byte[] secret = secretIn(thief);
    Callable<Integer> enable = post(thief, "/profile/second-factor", Map.of("code", code(secret)));
    assertThat(overlapping(List.of(reset(), enable))).containsExactly(303, 303);
    assertThat(rows("people", "email = ? and totp_enabled_at is not null", account.email()))
        .isEmpty();
  }

  @Test
  void oneCodeOpensOneSession() throws Exception {
    Visitor owner = loggedIn();
    byte[] secret = secretIn(owner);
    owner.post("/profile/second-factor", Map.of("code", code(secret)));
    server().time().advance(Duration.ofSeconds(31));
    Visitor one = halfWay();
    Visitor other = halfWay();
    Map<String, String> fields = Map.of("code", code(secret));
    List<Integer> answers =
        overlapping(
            List.of(post(one, "/log-in/code", fields), post(other, "/log-in/code", fields)));
    assertThat(answers).containsExactly(303, 422);
    assertThat(isIn(other)).isFalse();
  }

  @Test
  void oneUnfinishedLogInOpensOneSession() throws Exception {
    Visitor owner = loggedIn();
    byte[] secret = secretIn(owner);
    String body = owner.post("/profile/second-factor", Map.of("code", code(secret))).body();
    Matcher codes = Pattern.compile("<li><code>([a-z2-7-]+)</code>").matcher(body);
    assertThat(codes.find()).isTrue();
    String recovery = codes.group(1);
    server().time().advance(Duration.ofSeconds(31));
    Visitor one = halfWay();
    Visitor same = new Visitor(server());
    same.setCookie(one.cookie());
    same.get("/log-in/code");
    overlapping(
        List.of(
            post(one, "/log-in/code", Map.of("code", code(secret))),
            post(same, "/log-in/code", Map.of("code", recovery))));
    assertThat(
            rows(
                "sessions",
                "person_id = (select id from people where email = ?) and not awaits_code",
                account.email()))
        .as("the owner's and one more")
        .hasSize(2);
  }

  @Test
  void aLinkIsOpenedOnce() throws Exception {
    String link = "/reset-password/" + server().resetLink(account.email());
    assertThat(
            overlapping(
                List.of(
                    post(fresh(), link, Map.of("password", NEXT)),
                    post(fresh(), link, Map.of("password", "the words of another")))))
        .containsExactly(303, 404);
    Visitor.loggedIn(server(), account.email(), NEXT);
  }

  private Visitor halfWay() {
    Visitor visitor = fresh();
    visitor.post("/log-in", Map.of("email", account.email(), "password", PASSWORD));
    assertThat(visitor.get("/log-in/code").status()).isEqualTo(200);
    return visitor;
  }

  private static byte[] secretIn(Visitor visitor) {
    String body = visitor.get("/profile/second-factor").body();
    Matcher typed = Pattern.compile("class=\"typed\">([A-Z2-7 ]+)<").matcher(body);
    assertThat(typed.find()).as(body).isTrue();
    return Base32.decode(typed.group(1).replace(" ", ""));
  }

  private static String code(byte[] secret) {
    return Totp.code(secret, server().time().instant());
  }
}
