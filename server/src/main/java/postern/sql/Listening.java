package postern.sql;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** How the embedded PostgreSQL takes connections. */
sealed interface Listening {

  /** Over a Unix socket, and no other way. */
  record OnSocket(SocketDirectory directory) implements Listening {}

  /** Over TCP from this machine only, where there are no Unix sockets. */
  record OnLoopback(int port) implements Listening {}

  /** A free port of the loopback address. Somebody may take it before PostgreSQL does. */
  static Listening onFreePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new OnLoopback(free.getLocalPort());
    }
  }

  /** PostgreSQL's settings for it. */
  default Map<String, String> settings() {
    return switch (this) {
      case OnSocket(var directory) ->
          Map.of(
              "listen_addresses",
              "",
              "port",
              Integer.toString(SocketDirectory.PORT),
              "unix_socket_directories",
              // A list, where quotes keep commas and spaces.
              "\"" + directory.name().replace("\"", "\"\"") + "\"",
              "unix_socket_permissions",
              "0700");
      case OnLoopback(int port) ->
          Map.of(
              "listen_addresses",
              "127.0.0.1",
              "port",
              Integer.toString(port),
              "unix_socket_directories",
              "");
    };
  }

  default PostgresAddress address(String database, String password) {
    return switch (this) {
      case OnSocket(var directory) ->
          Addresses.onSocket(
              SocketDirectory.socket(directory.path(), SocketDirectory.PORT), database, password);
      case OnLoopback(int port) -> Addresses.onLoopback(port, database, password);
    };
  }

  /** The directory that was made for the socket alone, if one was. */
  default Optional<Path> temporaryDirectory() {
    return switch (this) {
      case OnSocket(var directory) when directory.isTemporary() -> Optional.of(directory.path());
      case OnSocket _, OnLoopback _ -> Optional.empty();
    };
  }

  /** Removes what was made for it. */
  default void remove() throws IOException {
    if (this instanceof OnSocket(var directory)) {
      directory.remove();
    }
  }
}
