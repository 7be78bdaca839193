package postern.main;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The program in a process of its own: what it refuses at once, and how it reads text. */
@Timeout(120)
class ProgramTest {
  private static final String UMLAUT = "Zo\u00eb";

  private record Ended(int code, String out, String err) {}

  @ParameterizedTest
  @CsvSource({"serve,http", "dev,https", "serve,admin"})
  void aPortInUseIsOneSentence(String command, String name) throws Exception {
    Path dir = TestServer.newDirectory();
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Map<String, String> ports = freePorts();
      ports.put("POSTERN_" + name.toUpperCase(java.util.Locale.ROOT) + "_PORT", "" + port(taken));
      Ended ended = run(ports, command, "--data-dir", dir.toString());
      assertThat(ended.code()).isEqualTo(1);
      assertThat(ended.err())
          .hasLineCount(1)
          .contains("port " + taken.getLocalPort() + " of 127.0.0.1 is in use", name + ".port");
      assertThat(dir.resolve("postgres")).doesNotExist();
    }
  }

  private static int port(ServerSocket socket) {
    return socket.getLocalPort();
  }

  @Test
  void anAddressOfAnotherMachineIsOneSentence() throws Exception {
    Path dir = TestServer.newDirectory();
    Ended ended = run(freePorts(), "serve", "--data-dir", dir.toString(), "--bind", "192.0.2.7");
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err()).hasLineCount(1).contains("192.0.2.7", "http.bind");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "account list",
        "account create --email a@example.com --name A",
        "account invite a@example.com",
        "account reset-password a@example.com",
        "account disable-second-factor a@example.com",
        "audit verify",
        "backup x.backup --passphrase-file pom.xml",
        "config",
        "doctor",
        "keys rotate-keyset",
        "ledger check",
        "limits list",
        "listen --forward-to http://localhost:1",
        "migrate"
      })
  void aMistypedDirectoryIsRefusedAndNotMade(String command) throws Exception {
    Path dir = TestServer.newDirectory().resolve("mistyped");
    List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
    arguments.addAll(List.of("--data-dir", dir.toString()));
    StringWriter err = new StringWriter();
    int code =
        Main.commandLine().setErr(new PrintWriter(err)).execute(arguments.toArray(String[]::new));
    assertThat(err.toString()).contains("there is no data directory " + dir).hasLineCount(1);
    assertThat(code).isEqualTo(1);
    assertThat(dir).doesNotExist();
  }

  @Test
  void aDirectoryWithoutAServersDataStaysAsItIs() throws Exception {
    Path dir = TestServer.newDirectory();
    Ended ended = run(Map.of(), "account", "list", "--data-dir", dir.toString());
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err()).hasLineCount(1).contains("holds no data of a Postern server");
    try (Stream<Path> inside = Files.list(dir)) {
      assertThat(inside).isEmpty();
    }
  }

  @Test
  void aFileInPlaceOfADirectoryIsRefused() throws Exception {
    Path file = Files.createFile(TestServer.newDirectory().resolve("file"));
    Ended ended = run(Map.of(), "serve", "--data-dir", file.toString());
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err()).hasLineCount(1).contains("is a file, not a directory");
  }

  @Test
  void lettersBeyondAsciiArePrintedAsTheyWereGiven() throws Exception {
    Path dir = TestServer.newDirectory();
    Files.writeString(dir.resolve("postern.properties"), "\ufeffbrand.name=" + UMLAUT);
    Ended ended = run(Map.of("LC_ALL", "C"), "config", "--data-dir", dir.toString());
    assertThat(ended.out()).containsPattern("brand\\.name +" + UMLAUT + " +file");
  }

  /** The letters stand escaped in the shell's command: the JVM of the test may be in a C locale. */
  @Test
  void aVariableThatTheLocaleWouldMutilateIsRefused() throws Exception {
    Ended ended =
        runInShell(
            "LC_ALL=C POSTERN_PASSPHRASE=$(printf 'p\\303\\244ssw\\303\\266rter sind lang')",
            "version");
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err()).hasLineCount(1).contains("POSTERN_PASSPHRASE", "LC_ALL=C.UTF-8");
  }

  @Test
  void aVariableIsReadAsUtf8() throws Exception {
    Path dir = TestServer.newDirectory();
    Ended ended =
        runInShell(
            "LC_ALL=C.UTF-8 POSTERN_BRAND_NAME=$(printf 'Zo\\303\\253')",
            "config --data-dir " + dir);
    assertThat(ended.out()).containsPattern("brand\\.name +" + UMLAUT + " +environment");
  }

  @Test
  void aVariableThatIsNotUtf8IsRefused() throws Exception {
    Ended ended =
        runInShell("LC_ALL=C.UTF-8 POSTERN_PASSPHRASE=$(printf 'p\\344ssw\\366rter')", "version");
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err()).hasLineCount(1).contains("POSTERN_PASSPHRASE is not UTF-8");
  }

  @Test
  void theCommandsStartTheJvmInUtf8AndWithoutAHome() throws Exception {
    String script = Files.readString(Path.of("..", "bin", "postern"));
    assertThat(script).contains("export LC_ALL=C.UTF-8");
    Process process =
        new ProcessBuilder("env", "-u", "HOME", Path.of("..", "bin", "find-jdk").toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  private static Map<String, String> freePorts() {
    return new java.util.HashMap<>(
        Map.of("POSTERN_HTTP_PORT", "0", "POSTERN_HTTPS_PORT", "0", "POSTERN_ADMIN_PORT", "0"));
  }

  private static Ended run(Map<String, String> environment, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(program());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    return ended(builder);
  }

  private static Ended runInShell(String assignments, String arguments) throws Exception {
    String exec = String.join(" ", program()) + " " + arguments;
    return ended(new ProcessBuilder("sh", "-c", assignments + " exec " + exec));
  }

  private static List<String> program() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "@" + Path.of("src", "main", "jvm", "postern.options").toAbsolutePath(),
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
        Main.class.getName());
  }

  private static Ended ended(ProcessBuilder builder) throws IOException, InterruptedException {
    Path directory = TestServer.newDirectory();
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    boolean isOver = process.waitFor(60, TimeUnit.SECONDS);
    process.destroyForcibly();
    assertThat(isOver).as(Files.readString(err)).isTrue();
    return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
  }
}
