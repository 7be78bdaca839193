package postern.main;

import java.nio.file.Path;
import java.util.logging.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import postern.config.Config;

/** {@code postern serve}: runs the server until it is told to stop. */
@Command(
    name = "serve",
    description = "Run the server until SIGTERM or SIGINT.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  postern serve --data-dir /var/lib/postern",
      "  postern serve --bind 0.0.0.0 --tls-name accounts.example.com"
    })
final class ServeCommand implements Runnable {
  @Mixin private DataDirOption dataDirOption = new DataDirOption();
  @Mixin private ServerOptions serverOptions = new ServerOptions();

  @Override
  public void run() {
    Log.install(System.out, Level.INFO);
    System.Logger log = System.getLogger("postern.main");
    Path dataDir = dataDirOption.made();
    Config config = Config.load(dataDir, System.getenv(), serverOptions.flags());
    RunningServer running =
        RunningServer.start(dataDir, config, text -> log.log(System.Logger.Level.INFO, text));
    log.log(
        System.Logger.Level.INFO,
        "Postern {0} is ready: HTTP port {1}, HTTPS port {2}, health and metrics port {3}",
        VersionCommand.version(),
        Integer.toString(running.app().server().httpPort()),
        Integer.toString(running.app().server().httpsPort()),
        Integer.toString(running.app().server().adminPort()));
    Shutdown.await(
        () -> {
          log.log(System.Logger.Level.INFO, "Postern stops");
          running.close();
        });
  }
}
