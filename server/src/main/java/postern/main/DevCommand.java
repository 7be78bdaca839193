package postern.main;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.logging.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import postern.config.Config;
import postern.config.HttpSettings;
import postern.config.Setting;
import postern.config.Settings;
import postern.sql.DataDirectoryLock;

/** {@code postern dev}: a server for a developer's machine, with an account to begin with. */
@Command(
    name = "dev",
    description = {
      "Run a server for development, with an account to begin with.",
      "The first start makes a parent account; every start prints its keys and a line to try.",
      "'bin/dev' builds what is missing and runs this."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  bin/dev",
      "  bin/dev --data-dir /tmp/postern --http-port 0 --https-port 0",
      "  bin/dev --bind 0.0.0.0 --tls-name build-server.local"
    })
final class DevCommand implements Runnable {
  @Mixin private DataDirOption dataDirOption = new DataDirOption();
  @Mixin private ServerOptions serverOptions = new ServerOptions();

  @Override
  public void run() {
    Log.install(System.out, Level.INFO);
    Path dataDir = dataDirOption.made();
    Map<String, String> flags = new HashMap<>(serverOptions.flags());
    if ("0".equals(flags.get(HttpSettings.HTTP_PORT.key()))
        && !flags.containsKey(HttpSettings.ADMIN_PORT.key())) {
      // Whoever wants a free port runs more than one server, which would meet at the third port.
      putUnlessSet(flags, HttpSettings.ADMIN_PORT, "0");
    }
    // Who develops a receiver has it on this machine.
    putUnlessSet(flags, Settings.WEBHOOKS_ALLOW_PRIVATE, "true");
    putUnlessSet(flags, Settings.SIGNUP_MODE, "open");
    if (!System.getenv().containsKey(Settings.MAIL_URL.environmentName())) {
      putUnlessSet(flags, Settings.MAIL_CAPTURE, "true");
    }
    Config config = Config.load(dataDir, System.getenv(), flags);
    DevFile file = new DevFile(dataDir);
    // Only under the lock: without it the file may be that of a server that runs.
    try (DataDirectoryLock _ = DataDirectoryLock.take(dataDir)) {
      file.remove();
    }
    RunningServer running = RunningServer.start(dataDir, config, DevCommand::progress);
    DevAccount account = opened(running, dataDir, file);
    System.out.println(DevWelcome.text(running, account));
    System.out.flush();
    Shutdown.await(
        () -> {
          file.remove();
          running.close();
        });
  }

  private static DevAccount opened(RunningServer running, Path dataDir, DevFile file) {
    try {
      DevAccount account = DevAccount.openOrCreate(dataDir, running.app().services());
      file.write(running, account);
      return account;
    } catch (RuntimeException e) {
      running.close();
      throw e;
    }
  }

  private static void putUnlessSet(Map<String, String> flags, Setting<?> setting, String value) {
    if (!System.getenv().containsKey(setting.environmentName())) {
      flags.put(setting.key(), value);
    }
  }

  private static void progress(String text) {
    System.out.println(text);
    System.out.flush();
  }
}
