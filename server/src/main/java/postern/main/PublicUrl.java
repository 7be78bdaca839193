package postern.main;

import java.util.function.Supplier;
import postern.config.Config;
import postern.config.HttpSettings;

/** Under which URL people and callers reach this server: known once it listens. */
final class PublicUrl implements Supplier<String> {
  private final String bind;
  private volatile String url;

  PublicUrl(Config config) {
    bind = config.get(HttpSettings.HTTP_BIND);
    String set = config.get(HttpSettings.PUBLIC_URL);
    url = set.endsWith("/") ? set.substring(0, set.length() - 1) : set;
  }

  /** Says on which port it listens; a URL that is set stays. */
  void listensOn(int httpPort) {
    if (url.isEmpty()) {
      url = LocalUrl.of("http", bind, httpPort);
    }
  }

  @Override
  public String get() {
    return url;
  }
}
