package postern.main;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import postern.json.Json;
import postern.json.JsonException;

/**
 * {@code postern listen}: shows events as they happen, for whoever builds a receiver of webhooks.
 */
@Command(
    name = "listen",
    description = {
      "Print events as they happen, and forward them to a program on this machine.",
      "Without --url it listens to the server that bin/dev runs on the data directory, in both modes."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  postern listen",
      "  postern listen --forward-to http://localhost:3000/webhooks",
      "  postern listen --url https://accounts.example.com --key-file key.txt --from 0"
    })
final class ListenCommand implements Runnable {
  private static final int SECRET_BYTES = 24;

  @Mixin private DataDirOption dataDirOption = new DataDirOption();

  @Option(
      names = "--forward-to",
      paramLabel = "URL",
      description = "Send each event there too, signed as a webhook is.")
  private @Nullable URI target;

  @Option(
      names = "--secret",
      paramLabel = "TEXT",
      description = "What to sign with; by default one is made and printed.")
  private @Nullable String secret;

  @Option(names = "--url", paramLabel = "URL", description = "The server to listen to.")
  private @Nullable URI server;

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description = "A file with the API key to listen with; needed with --url.")
  private @Nullable Path keyFile;

  @Option(
      names = "--from",
      paramLabel = "CURSOR",
      defaultValue = "end",
      description = "Where to begin: a cursor, 0 for everything that is kept (default: end).")
  private String from = "end";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    Optional<EventForwarder> forwarder = forwarder(out);
    List<EventReader> readers = new ArrayList<>();
    for (Map.Entry<String, URI> each : sources()) {
      readers.add(new EventReader(each.getValue(), each.getKey(), from, forwarder, out));
    }
    out.println("Listening to " + readers.getFirst().server() + "; stop with Ctrl-C.");
    out.flush();
    readers.forEach(reader -> Thread.ofVirtual().start(reader));
    Shutdown.await(() -> readers.forEach(EventReader::stop));
  }

  private Optional<EventForwarder> forwarder(PrintWriter out) {
    if (target == null) {
      return Optional.empty();
    }
    if (target.getHost() == null || !String.valueOf(target.getScheme()).matches("https?")) {
      throw new ParameterException(
          spec.commandLine(), "--forward-to must be a URL such as http://localhost:3000/webhooks");
    }
    String chosen = secret == null ? newSecret() : secret;
    if (secret == null) {
      out.println("Signed with the secret " + chosen + ": give it to your receiver.");
    }
    return Optional.of(new EventForwarder(target, chosen));
  }

  private static String newSecret() {
    byte[] bytes = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(bytes);
    return "whsec_" + Base64.getEncoder().encodeToString(bytes);
  }

  /** Keys, and the server that each is for. */
  private List<Map.Entry<String, URI>> sources() {
    if (server == null) {
      Path file = dataDirOption.existing().resolve("dev.json");
      Map<?, ?> facts = factsIn(file);
      URI http = URI.create(String.valueOf(facts.get("http")));
      return List.of(
          Map.entry(String.valueOf(facts.get("production_key")), http),
          Map.entry(String.valueOf(facts.get("test_key")), http));
    }
    if (keyFile == null) {
      throw new ParameterException(spec.commandLine(), "--url needs --key-file beside it");
    }
    try {
      return List.of(Map.entry(Files.readString(keyFile).strip(), server));
    } catch (IOException e) {
      throw new UncheckedIOException(keyFile + " cannot be read", e);
    }
  }

  private Map<?, ?> factsIn(Path file) {
    if (!Files.exists(file)) {
      throw new ParameterException(
          spec.commandLine(),
          file + " is not there: start bin/dev first, or name a server with --url and --key-file");
    }
    try {
      return Json.parse(Files.readAllBytes(file)) instanceof Map<?, ?> facts ? facts : Map.of();
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read", e);
    } catch (JsonException e) {
      throw new IllegalStateException(file + " is not JSON", e);
    }
  }
}
