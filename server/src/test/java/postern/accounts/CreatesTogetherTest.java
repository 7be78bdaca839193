package postern.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import postern.main.RouteTest;
import postern.main.TestClient.Reply;
import postern.main.TestServer.Account;
import postern.testing.TestPostgres;
import postern.testing.Waiting;

/** Creates that wait behind others: what they cost, and what they do to each other. */
class CreatesTogetherTest extends RouteTest {
  private static final int MANY = 64;

  /** A request looks its key up where that is not remembered, or must not be just now. */
  private static final int KEY_LOOKUP = 1;

  private static final Logger REQUESTS = Logger.getLogger("postern.request");
  private static final Pattern CREATE =
      Pattern.compile("route=POST /v2/users status=201 .* queries=(\\d+) .*");

  private final Account parent = server().account();

  /** The statements of each create, as the log of requests says them. */
  private static final class Statements extends Handler {
    private final Queue<Integer> counts = new ConcurrentLinkedQueue<>();

    @Override
    public void publish(LogRecord line) {
      Matcher create = CREATE.matcher(line.getMessage());
      if (create.matches()) {
        counts.add(Integer.valueOf(create.group(1)));
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  private static List<Integer> statementsOf(int number, Callable<?> creates) throws Exception {
    Statements statements = new Statements();
    REQUESTS.addHandler(statements);
    // A test of the log in the same JVM may have left the level of a command behind.
    REQUESTS.setLevel(Level.INFO);
    try {
      creates.call();
      // The line is written when the answer is on its way.
      Waiting.until("all are logged", () -> statements.counts.size() >= number);
    } finally {
      REQUESTS.removeHandler(statements);
    }
    return List.copyOf(statements.counts);
  }

  private Reply create(String contact) {
    return as(parent).post("/v2/users", "{\"user\":{\"name\":\"One\"" + contact + "}}");
  }

  /** Sends creates while none can be written, and then lets them be. */
  private List<Reply> behindALock(List<String> contacts) throws Exception {
    List<Future<Reply>> sent = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Connection holder = begun("lock table users in share mode")) {
      for (String contact : contacts) {
        sent.add(threads.submit(() -> create(contact)));
      }
      awaitWaiting(1);
      holder.rollback();
    }
    List<Reply> replies = new ArrayList<>();
    for (Future<Reply> one : sent) {
      replies.add(one.get());
    }
    return replies;
  }

  private static Connection begun(String sql) throws SQLException {
    Connection connection = TestPostgres.connect(server().database());
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
    return connection;
  }

  private static void awaitWaiting(int transactions) throws Exception {
    Waiting.until(
        transactions + " wait for a lock",
        () ->
            server()
                    .rows(
                        """
                        select pid from pg_stat_activity
                        where wait_event_type = 'Lock' and datname = current_database()
                        """)
                    .size()
                >= transactions);
  }

  @Test
  void needNoMoreStatementsThanOneThatComesAlone() throws Exception {
    List<Integer> alone = statementsOf(1, () -> create(""));
    assertThat(alone).hasSize(1);
    List<Integer> many =
        statementsOf(
            MANY,
            () -> assertThat(behindALock(java.util.Collections.nCopies(MANY, ""))).hasSize(MANY));
    assertThat(many).hasSize(MANY).allMatch(count -> count <= alone.getFirst() + KEY_LOOKUP);
    assertThat(
            server()
                .rows(
                    "select distinct xmin::text from users where parent_id = ?", uuid(parent.id())))
        .as("transactions")
        .hasSizeLessThan(MANY);
  }

  @Test
  void areTriedAloneWhereAnotherTransactionWasQuickerToTakeAnAddress() throws Exception {
    String address = "quick-" + parent.id() + "@example.com";
    String of = "'" + uuid(parent.id()) + "'";
    String another = "'" + uuid(child(parent).id()) + "'";
    String take =
        "insert into user_contacts (kind, value, root_id, user_id) values ('email', '"
            + (address + "', " + of + ", " + another + ")");
    List<String> contacts = new ArrayList<>(java.util.Collections.nCopies(MANY, ""));
    contacts.set(MANY / 2, ",\"email\":\"" + address + "\"");
    List<Reply> replies;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Connection other = begun(take)) {
      Future<List<Reply>> sent = threads.submit(() -> behindALock(contacts));
      Waiting.until(
          "one waits for the address",
          () ->
              !server()
                  .rows(
                      """
                      select pid from pg_stat_activity
                      where wait_event_type = 'Lock' and query like '%into user_contacts%'
                        and datname = current_database() and pid <> pg_backend_pid()
                      """)
                  .isEmpty());
      other.commit();
      replies = sent.get();
    }
    for (int i = 0; i < MANY; i++) {
      if (i == MANY / 2) {
        assertRefused(replies.get(i), 422, "USER.INVALID");
        assertThat(fieldsIn(replies.get(i))).containsExactly("user.email");
      } else {
        childOf(replies.get(i));
      }
    }
    assertThat(rows("users", "parent_id = ?", uuid(parent.id()))).hasSize(MANY);
  }
}
