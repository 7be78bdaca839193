package postern.main;

import java.util.function.Supplier;
import postern.config.Config;
import postern.config.HttpSettings;

/** Under which URL people and callers reach this server: known once it listens. */
final class PublicUrl implements Supplier<String> {
  private volatile String url;

  PublicUrl(Config config) {
    String set = config.get(HttpSettings.PUBLIC_URL);
    url = set.endsWith("/") ? set.substring(0, set.length() - 1) : set;
  }

  /** Says on which port it listens; a URL that is set stays. */
  void listensOn(int httpPort) {
    if (url.isEmpty()) {
      url = "http://localhost:" + httpPort;
    }
  }

  @Override
  public String get() {
    return url;
  }
}
