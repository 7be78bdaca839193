package postern.main;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import postern.main.TestServer.Account;
import postern.testing.TcpProxy;
import postern.testing.Waiting;

/** What one node revokes is dead on the other. */
class TwoNodesTest extends RouteTest {
  private static final Duration GENEROUS = Duration.ofSeconds(5);
  private static final int ROUNDS = 5;

  private static TestServer other;

  private final Account parent = server().account();
  private final Account child = child(parent);

  @BeforeAll
  static void startOther() {
    other = server().secondNode();
  }

  @AfterAll
  static void stopOther() {
    other.close();
  }

  private int statusOnOther() {
    return other.as(child.productionKey()).get("/v2/users").status();
  }

  private void awaitDeadOnOther() throws InterruptedException {
    long end = System.nanoTime() + GENEROUS.toNanos();
    while (statusOnOther() != 403) {
      assertThat(System.nanoTime()).as("the key still works elsewhere").isLessThan(end);
      Thread.sleep(10);
    }
  }

  @Test
  void aDisabledKeyDiesOnTheOtherNodeAndComesBack() throws Exception {
    String path = "/v2/api_keys/" + keyId(child, "production");
    for (int i = 0; i < ROUNDS; i++) {
      assertThat(statusOnOther()).isEqualTo(200);
      as(parent).post(path + "/disable", null);
      awaitDeadOnOther();
      as(parent).post(path + "/enable", null);
      long end = System.nanoTime() + GENEROUS.toNanos();
      while (statusOnOther() != 200) {
        assertThat(System.nanoTime()).as("the key stays dead elsewhere").isLessThan(end);
        Thread.sleep(10);
      }
    }
  }

  @Test
  void aDeletedKeyAndThoseOfADeletedChildDieOnTheOtherNode() throws Exception {
    assertThat(statusOnOther()).isEqualTo(200);
    as(parent).delete("/v2/api_keys/" + keyId(child, "production"));
    awaitDeadOnOther();
    Account next = child(parent);
    assertThat(other.as(next.productionKey()).get("/v2/users").status()).isEqualTo(200);
    as(parent).delete("/v2/users/" + next.id());
    long end = System.nanoTime() + GENEROUS.toNanos();
    while (other.as(next.productionKey()).get("/v2/users").status() != 403) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.sleep(10);
    }
  }

  @Test
  void nothingRememberedIsUsedWhileTheListeningConnectionIsDown() throws Exception {
    String path = "/v2/api_keys/" + keyId(child, "production");
    for (int i = 0; i < ROUNDS; i++) {
      assertThat(statusOnOther()).isEqualTo(200);
      assertThat(
              rows(
                  server(),
                  "select pg_terminate_backend(pid, 5000)::text from pg_stat_activity"
                      + " where datname = current_database()"
                      + " and application_name = 'postern notifications'"))
          .contains("true");
      as(parent).post(path + "/disable", null);
      assertThat(statusOnOther()).isEqualTo(403);
      as(parent).post(path + "/enable", null);
      long end = System.nanoTime() + GENEROUS.toNanos();
      while (rows(
                  server(),
                  "select pid::text from pg_stat_activity where datname = current_database()"
                      + " and application_name = 'postern notifications'")
              .size()
          < 2) {
        assertThat(System.nanoTime()).as("nobody listens again").isLessThan(end);
        Thread.sleep(10);
      }
    }
  }

  @Test
  void aNodeWhoseConnectionsFallSilentUsesNothingRemembered() throws Exception {
    try (TcpProxy proxy = new TcpProxy(server().database());
        TestServer cutOff = server().secondNodeAt(proxy.address())) {
      Waiting.until("it hears its heartbeat", cutOff::hearsAnnouncements);
      assertThat(cutOff.as(child.productionKey()).get("/v2/users").status()).isEqualTo(200);
      proxy.silence();
      as(parent).post("/v2/api_keys/" + keyId(child, "production") + "/disable", null);
      Waiting.until("it hears nothing any more", () -> !cutOff.hearsAnnouncements());
      assertThat(cutOff.as(child.productionKey()).get("/v2/users").status()).isEqualTo(503);
      proxy.restore();
      Waiting.until("it hears again", cutOff::hearsAnnouncements);
      assertThat(cutOff.as(child.productionKey()).get("/v2/users").status()).isEqualTo(403);
    }
  }

  @Test
  void bothNodesShowTheSameKeys() {
    assertThat(other.as(parent.productionKey()).get("/v2/api_keys").body())
        .isEqualTo(as(parent).get("/v2/api_keys").body());
  }
}
