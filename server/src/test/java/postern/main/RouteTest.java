package postern.main;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import postern.main.TestClient.Reply;
import postern.main.TestServer.Account;

/** A server per class, and families to call it with. */
public abstract class RouteTest {
  private static @Nullable TestServer running;

  protected RouteTest() {}

  @BeforeAll
  protected static void startServer() {
    running = TestServer.start();
  }

  @AfterAll
  protected static void stopServer() {
    assertThat(server().checkAllLedgers().flaws()).isEmpty();
    server().close();
  }

  /** Whatever a test is about: the books are right after it. */
  @AfterEach
  void checkLedgers() {
    assertThat(server().checkLedgers()).isEmpty();
  }

  /** Nor is a view that is remembered older than what it shows. */
  @AfterEach
  void checkViews() {
    assertThat(server().outdatedViews()).isEmpty();
  }

  protected static TestServer server() {
    return java.util.Objects.requireNonNull(running);
  }

  protected static TestClient as(Account account) {
    return server().as(account.productionKey());
  }

  /** A new child of a parent, with its two keys. */
  protected static Account child(Account parent) {
    return childOf(as(parent).post("/v2/users", "{\"user\":{\"name\":\"A child\"}}"));
  }

  /** The child in the answer to its creation. */
  protected static Account childOf(Reply created) {
    assertThat(created.status()).as(created.body()).isEqualTo(201);
    return new Account(
        created.text("id"), created.text("api_keys.0.key"), created.text("api_keys.1.key"), "");
  }

  protected static void assertRefused(Reply reply, int status, String code) {
    assertThat(reply.status()).as(reply.body()).isEqualTo(status);
    assertThat(reply.errorCode()).isEqualTo(code);
  }

  /** The fields that an error names, in order. */
  protected static List<String> fieldsIn(Reply reply) {
    return reply.list("error.errors").stream()
        .map(error -> String.valueOf(((java.util.Map<?, ?>) error).get("field")))
        .toList();
  }

  /** The names of an object's members, in order; an empty path is the whole body. */
  protected static List<String> members(Reply reply, String path) {
    Object object = path.isEmpty() ? reply.json() : reply.at(path);
    return ((java.util.Map<?, ?>) java.util.Objects.requireNonNull(object))
        .keySet().stream().map(String::valueOf).toList();
  }

  /** One text of each element of a list. */
  protected static List<String> each(Reply reply, String list, String member) {
    return reply.list(list).stream()
        .map(item -> String.valueOf(((java.util.Map<?, ?>) item).get(member)))
        .toList();
  }

  /** The id of the newest key of a mode that its owner sees. */
  protected static String keyId(Account owner, String mode) {
    return as(owner).get("/v2/users/" + owner.id() + "/api_keys").list("api_keys").stream()
        .map(key -> (java.util.Map<?, ?>) key)
        .filter(key -> mode.equals(key.get("mode")))
        .map(key -> String.valueOf(key.get("id")))
        .toList()
        .getLast();
  }

  /** Rows of the server's database, each as PostgreSQL writes a row. */
  protected static List<String> rows(String table, String where, @Nullable Object... arguments) {
    return rows(server(), "select t::text from " + table + " t where " + where, arguments);
  }

  /** The first column of a query on a server's database. */
  public static List<String> rows(TestServer server, String sql, @Nullable Object... arguments) {
    return server.rows(sql, arguments);
  }

  /** The database's form of an id on the wire. */
  public static java.util.UUID uuid(String id) {
    String hex = id.substring(id.indexOf('_') + 1);
    return new java.util.UUID(
        Long.parseUnsignedLong(hex.substring(0, 16), 16),
        Long.parseUnsignedLong(hex.substring(16), 16));
  }
}
