package postern.main;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import postern.config.HttpSettings;
import postern.config.Setting;

/** The settings that have a flag of their own. */
final class ServerOptions {
  @Option(
      names = "--http-port",
      paramLabel = "N",
      description = "Port for HTTP; 0 picks a free one (default: 8080).")
  private @Nullable Integer httpPort;

  @Option(
      names = "--https-port",
      paramLabel = "N",
      description = "Port for HTTPS; 0 picks a free one (default: 8443).")
  private @Nullable Integer httpsPort;

  @Option(
      names = "--admin-port",
      paramLabel = "N",
      description = "Port for health and metrics; 0 picks a free one (default: 8081).")
  private @Nullable Integer adminPort;

  @Option(
      names = "--bind",
      paramLabel = "ADDR",
      description = "Address to listen on (default: 127.0.0.1).")
  private @Nullable String bind;

  @Option(
      names = "--tls-name",
      paramLabel = "NAME",
      description = "One more name or address for the local CA's certificate; may be repeated.")
  private List<String> tlsNames = new ArrayList<>();

  /** What was given, by the keys of the settings. */
  Map<String, String> flags() {
    Map<String, String> flags = new HashMap<>();
    put(flags, HttpSettings.HTTP_PORT, httpPort);
    put(flags, HttpSettings.HTTPS_PORT, httpsPort);
    put(flags, HttpSettings.ADMIN_PORT, adminPort);
    put(flags, HttpSettings.HTTP_BIND, bind);
    if (!tlsNames.isEmpty()) {
      put(flags, HttpSettings.TLS_NAMES, String.join(",", tlsNames));
    }
    return flags;
  }

  private static void put(Map<String, String> flags, Setting<?> setting, @Nullable Object value) {
    if (value != null) {
      flags.put(setting.key(), value.toString());
    }
  }
}
