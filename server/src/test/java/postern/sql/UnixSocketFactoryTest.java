package postern.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import postern.testing.TestPostgres;
import postern.testing.Waiting;

final class UnixSocketFactoryTest {

  @Nested
  class TheSocketItself {

    @TempDir Path directory;
    private ServerSocketChannel server;
    private Socket client;
    private SocketChannel peer;

    @BeforeEach
    void connect() throws Exception {
      Path path = directory.resolve("s");
      server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(path));
      client = new UnixSocketFactory(path.toString()).createSocket("ignored", 1);
      peer = server.accept();
    }

    @AfterEach
    void close() throws Exception {
      client.close();
      peer.close();
      server.close();
    }

    @Test
    void readsOnAfterATimeOut() throws Exception {
      client.setSoTimeout(30);
      assertThatThrownBy(() -> client.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
      peer.write(ByteBuffer.wrap(new byte[] {7, 8}));
      assertThat(client.getInputStream().read()).isEqualTo(7);
      client.setSoTimeout(0);
      assertThat(client.getInputStream().read()).isEqualTo(8);
      client.getOutputStream().write(9);
      ByteBuffer received = ByteBuffer.allocate(1);
      peer.read(received);
      assertThat(received.get(0)).isEqualTo((byte) 9);
      peer.close();
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 1_200})
    void endsEachReadThatHasNothingToReadInItsTime(int timeoutMillis) throws Exception {
      client.setSoTimeout(timeoutMillis);
      for (int round = 0; round < 2; round++) {
        long begun = System.nanoTime();
        assertThatThrownBy(() -> client.getInputStream().read())
            .isInstanceOf(SocketTimeoutException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
            .isGreaterThanOrEqualTo(Duration.ofMillis(timeoutMillis));
        peer.write(ByteBuffer.wrap(new byte[] {7}));
        assertThat(client.getInputStream().read()).isEqualTo(7);
      }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 60_000})
    void closingFromAnotherThreadEndsARead(int timeoutMillis) throws Exception {
      for (boolean virtual : new boolean[] {false, true}) {
        Socket socket = client;
        socket.setSoTimeout(timeoutMillis);
        AtomicReference<Exception> end = new AtomicReference<>();
        Thread.Builder builder = virtual ? Thread.ofVirtual() : Thread.ofPlatform();
        Thread reader = builder.start(() -> end.set(failureOfReading(socket)));
        Waiting.until("it waits", () -> isWaiting(reader));
        socket.close();
        reader.join();
        assertThat(end.get()).isInstanceOf(SocketException.class);
        assertThat(socket.isClosed()).isTrue();
        client = new UnixSocketFactory(directory.resolve("s").toString()).createSocket("", 0);
        peer.close();
        peer = server.accept();
      }
    }

    // A thread in the kernel counts as runnable, so for those only the start is awaited.
    private static boolean isWaiting(Thread thread) {
      return thread.isVirtual()
          ? thread.getState() != Thread.State.NEW && thread.getState() != Thread.State.RUNNABLE
          : Arrays.stream(thread.getStackTrace())
              .anyMatch(frame -> frame.getMethodName().matches("read0|wait|select"));
    }

    private static Exception failureOfReading(Socket socket) {
      try {
        return new IllegalStateException("read " + socket.getInputStream().read());
      } catch (Exception e) {
        return e;
      }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 60_000})
    void writesMoreThanTheOtherEndHasRoomFor(int timeoutMillis) throws Exception {
      int size = 8 << 20;
      client.setSoTimeout(timeoutMillis);
      peer.write(ByteBuffer.wrap(new byte[] {1}));
      assertThat(client.getInputStream().read()).isEqualTo(1);
      Thread writer =
          Thread.startVirtualThread(
              () -> {
                try {
                  client.getOutputStream().write(new byte[size]);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      ByteBuffer received = ByteBuffer.allocate(size);
      int count = 0;
      while (received.hasRemaining() && count >= 0) {
        count = peer.read(received);
      }
      writer.join();
      assertThat(received.position()).isEqualTo(size);
    }

    @Test
    void refusesASocketThatIsNotThere() {
      UnixSocketFactory nowhere = new UnixSocketFactory(directory.resolve("none").toString());
      assertThatThrownBy(() -> nowhere.createSocket("", 0)).isInstanceOf(SocketException.class);
    }
  }

  @Nested
  class UnderPgjdbc {

    private final PostgresAddress address = TestPostgres.freshDatabase();

    @Test
    void waitsForNotificationsAndGoesOn() throws Exception {
      try (Connection listening = TestPostgres.connect(address);
          Connection notifying = TestPostgres.connect(address)) {
        execute(listening, "listen news");
        PGConnection listener = listening.unwrap(PGConnection.class);
        for (int round = 0; round < 3; round++) {
          assertThat(listener.getNotifications(200)).isNullOrEmpty();
          execute(notifying, "notify news, 'n" + round + "'");
          PGNotification[] news = listener.getNotifications(10_000);
          assertThat(news).extracting(PGNotification::getParameter).containsExactly("n" + round);
          assertThat(number(listening, "select 5")).isEqualTo(5);
        }
      }
    }

    @Test
    void endsAQueryThatTakesLongerThanTheSocketTimeout() throws Exception {
      Map<String, String> impatient = new HashMap<>(address.properties());
      impatient.put("socketTimeout", "1");
      try (Connection connection =
          TestPostgres.connect(new PostgresAddress(address.jdbcUrl(), impatient))) {
        assertThat(number(connection, "select 1 from pg_sleep(0.2)")).isEqualTo(1);
        assertThatThrownBy(() -> execute(connection, "select pg_sleep(60)"))
            .isInstanceOf(SQLException.class)
            .hasRootCauseInstanceOf(SocketTimeoutException.class);
        assertThat(connection.isClosed()).isTrue();
      }
    }

    @Test
    void staysUsableAfterValidationAndCancelling() throws Exception {
      try (Connection connection = TestPostgres.connect(address);
          Statement statement = connection.createStatement()) {
        assertThat(connection.isValid(5)).isTrue();
        statement.setQueryTimeout(1);
        assertThatThrownBy(() -> statement.execute("select pg_sleep(60)"))
            .hasMessageContaining("canceling statement");
        assertThat(number(connection, "select 6")).isEqualTo(6);
      }
    }

    @Test
    void carriesLargeValuesBothWays() throws Exception {
      String large = "0123456789abcdef".repeat(500_000);
      try (Connection connection = TestPostgres.connect(address);
          PreparedStatement statement = connection.prepareStatement("select ?::text")) {
        statement.setString(1, large);
        try (ResultSet rows = statement.executeQuery()) {
          rows.next();
          assertThat(rows.getString(1).equals(large)).isTrue();
        }
      }
    }

    @Test
    void servesTwoHundredVirtualThreads() throws Exception {
      Semaphore permits = new Semaphore(40);
      List<Future<Integer>> answers = new ArrayList<>();
      try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < 200; i++) {
          int timeoutSeconds = i % 2 == 0 ? 0 : 60;
          answers.add(executor.submit(() -> sumOfTenQueries(permits, timeoutSeconds)));
        }
      }
      for (Future<Integer> answer : answers) {
        assertThat(answer.get()).isEqualTo(45);
      }
    }

    private int sumOfTenQueries(Semaphore permits, int timeoutSeconds) throws Exception {
      Map<String, String> properties = new HashMap<>(address.properties());
      properties.put("socketTimeout", Integer.toString(timeoutSeconds));
      permits.acquire();
      try (Connection connection =
          TestPostgres.connect(new PostgresAddress(address.jdbcUrl(), properties))) {
        int sum = 0;
        for (int i = 0; i < 10; i++) {
          sum += number(connection, "select " + i + " from pg_sleep(0.005)");
        }
        return sum;
      } finally {
        permits.release();
      }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        statement.execute(sql);
      }
    }

    private static int number(Connection connection, String sql) throws SQLException {
      try (Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery(sql)) {
        rows.next();
        return rows.getInt(1);
      }
    }
  }
}
