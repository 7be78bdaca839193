package postern.sql;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.nio.file.Path;
import java.util.Map;

/** Builds the addresses of embedded servers. */
final class Addresses {

  private static final String HOST = "127.0.0.1";

  private Addresses() {}

  static PostgresAddress onSocket(Path socket, String database, String password) {
    return new PostgresAddress(
        url(SocketDirectory.PORT, database),
        Map.of(
            "user",
            Cluster.USER,
            "password",
            password,
            "sslmode",
            "disable",
            "gssEncMode",
            "disable",
            "socketFactory",
            UnixSocketFactory.class.getName(),
            "socketFactoryArg",
            socket.toString()));
  }

  static PostgresAddress onLoopback(int port, String database, String password) {
    return new PostgresAddress(
        url(port, database),
        Map.of(
            "user",
            Cluster.USER,
            "password",
            password,
            "sslmode",
            "disable",
            "gssEncMode",
            "disable"));
  }

  private static String url(int port, String database) {
    String encoded = URLEncoder.encode(database, UTF_8).replace("+", "%20");
    return "jdbc:postgresql://" + HOST + ":" + port + "/" + encoded;
  }
}
