package postern.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The yardstick's process: the same JVM with the same options, with {@link BareServer} in it. */
final class Bare implements AutoCloseable {
  private static final long START_MS_MAX = 60_000;

  private final Child child;
  private final int port;

  private Bare(Child child, int port) {
    this.child = child;
    this.port = port;
  }

  /** Starts it on the recorded answers of a folder; when this returns, it answers. */
  static Bare start(Workplace workplace, Path answers) {
    int port = freePort();
    Child child =
        workplace.keep(
            Child.start(
                command(workplace, answers, port, List.of()), Map.of(), workplace.newLog("bare")));
    FirstAnswer.await(child, port, "/0/", "", START_MS_MAX);
    return new Bare(child, port);
  }

  static List<String> command(
      Workplace workplace, Path answers, int port, List<String> moreOptions) {
    List<String> command = new ArrayList<>();
    command.add(workplace.java().toString());
    command.add(workplace.jvmOptions());
    command.addAll(moreOptions);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(BareServer.class.getName(), answers.toString(), "" + port));
    return command;
  }

  /** Puts an answer where {@link #start} finds it. */
  static void record(Path answers, int number, RecordedAnswer answer) {
    try {
      Files.createDirectories(answers);
      Files.writeString(
          answers.resolve(Integer.toString(number)), answer.text(), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Child child() {
    return child;
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  @Override
  public void close() {
    child.close();
  }
}
