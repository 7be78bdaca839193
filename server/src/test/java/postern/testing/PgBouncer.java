package postern.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import postern.sql.PostgresAddress;

/**
 * A real PgBouncer, Debian's, on a free port of the loopback address before the tests' database.
 */
public final class PgBouncer implements AutoCloseable {
  private static final Path PROGRAM = Path.of("/usr/sbin/pgbouncer");

  private final PostgresAddress database;
  private final Path folder;
  private final int port;
  private final TcpProxy backend;
  private final Process process;

  /**
   * Starts one.
   *
   * @param database an address of {@link TestPostgres}
   * @param settings lines of its section {@code [pgbouncer]}, beside where it listens
   */
  public PgBouncer(PostgresAddress database, String settings) throws Exception {
    this.database = database;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    backend = new TcpProxy(database);
    folder =
        Files.createTempDirectory(
            "pgbouncer-",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    Path file = folder.resolve("pgbouncer.ini");
    Files.writeString(file, configuration(settings));
    List<String> command = new ArrayList<>(List.of(PROGRAM.toString(), "-q"));
    if (System.getProperty("user.name").equals("root")) {
      // It refuses to be root.
      command.addAll(List.of("-u", "nobody"));
    }
    command.add(file.toString());
    process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectErrorStream(true)
            .start();
    Waiting.untilNoError(
        () -> {
          new Socket(InetAddress.getLoopbackAddress(), port).close();
          return true;
        });
  }

  private String configuration(String settings) {
    return """
        [databases]
        * = host=127.0.0.1 port=%d user=%s password=%s
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = %d
        unix_socket_dir =
        auth_type = any
        %s
        """
        .formatted(
            backend.port(),
            database.properties().get("user"),
            database.properties().get("password"),
            port,
            settings);
  }

  /**
   * The database behind it.
   *
   * @param parameters of the URL: empty, or {@code ?name=value}
   */
  public PostgresAddress address(String parameters) {
    return new PostgresAddress(
        "jdbc:postgresql://127.0.0.1:" + port + "/" + TestPostgres.nameOf(database) + parameters,
        Map.of("user", "postern", "sslmode", "disable", "gssEncMode", "disable"));
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly().onExit().join();
    backend.close();
    TestFiles.delete(folder);
  }
}
