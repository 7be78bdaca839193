package postern.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import postern.testing.TcpProxy;
import postern.testing.TestPostgres;

/** Hosts of {@code storage.url} that cannot be used. Without time-outs these tests never end. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ConnectingTest {
  private static PostgresAddress before(String host, PostgresAddress good) {
    return new PostgresAddress(good.jdbcUrl().replace("//", "//" + host + ","), good.properties());
  }

  @Test
  void aHostThatAcceptsAndSaysNothingIsPassedOver() throws Exception {
    try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        TcpProxy good = new TcpProxy(TestPostgres.freshDatabase())) {
      PostgresAddress address = before("127.0.0.1:" + mute.getLocalPort(), good.address());
      assertThat(Migrations.apply(address, text -> {})).isPositive();
    }
  }

  @Test
  void aHostThatAnswersNonsenseToTlsIsPassedOver() throws Exception {
    try (ServerSocket nonsense = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        TcpProxy good = new TcpProxy(TestPostgres.freshDatabase())) {
      Thread.ofVirtual().start(() -> answerNonsense(nonsense));
      PostgresAddress plain = before("127.0.0.1:" + nonsense.getLocalPort(), good.address());
      PostgresAddress address =
          new PostgresAddress(
              plain.jdbcUrl(),
              Map.of(
                  "user",
                  String.valueOf(plain.properties().get("user")),
                  "password",
                  String.valueOf(plain.properties().get("password"))));
      assertThat(Migrations.apply(address, text -> {})).isPositive();
    }
  }

  private static void answerNonsense(ServerSocket server) {
    try {
      while (true) {
        Socket client = server.accept();
        client.getOutputStream().write('S');
        client.getOutputStream().write("no handshake at all".getBytes(StandardCharsets.US_ASCII));
      }
    } catch (java.io.IOException _) {
      // The end: the port was closed.
    }
  }

  @Test
  void eachHostIsNamedWithItsReason() throws Exception {
    int refusing;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      refusing = closed.getLocalPort();
    }
    try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      PostgresAddress address =
          new PostgresAddress(
              "jdbc:postgresql://127.0.0.1:"
                  + refusing
                  + ",127.0.0.1:"
                  + mute.getLocalPort()
                  + "/postern",
              Map.of("user", "postern", "sslmode", "disable"));
      assertThatThrownBy(() -> Migrations.apply(address, text -> {}))
          .isInstanceOf(PostgresStartException.class)
          .hasMessageContaining("127.0.0.1:" + refusing + ": Connection to")
          .hasMessageContaining("127.0.0.1:" + mute.getLocalPort() + ": ");
    }
  }
}
