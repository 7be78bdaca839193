package postern.limits;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import postern.testing.Waiting;

/**
 * A real Redis on a port of the loopback address, which can be paused, killed and started again.
 */
final class RedisServer implements AutoCloseable {
  private static final Path PROGRAM = Path.of("/usr/bin/redis-server");

  private final int port;
  private Process process;

  RedisServer() throws Exception {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    process = launch(port);
  }

  private static Process launch(int port) throws Exception {
    Process started =
        new ProcessBuilder(
                List.of(
                    PROGRAM.toString(),
                    "--bind",
                    "127.0.0.1",
                    "--port",
                    Integer.toString(port),
                    "--save",
                    "",
                    "--appendonly",
                    "no"))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    Waiting.untilNoError(
        () -> {
          new java.net.Socket(InetAddress.getLoopbackAddress(), port).close();
          return true;
        });
    return started;
  }

  String url() {
    return "redis://127.0.0.1:" + port + "/0";
  }

  /** SIGSTOP: it takes what is sent and never answers. */
  void pause() {
    signal("STOP");
  }

  void resume() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  void startAgain() throws Exception {
    process = launch(port);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
