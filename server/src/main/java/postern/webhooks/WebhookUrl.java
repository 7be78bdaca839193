package postern.webhooks;

import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * Where deliveries go.
 *
 * @param url without credentials
 * @param credentials what stood before the {@code @}: user name, colon, password
 */
public record WebhookUrl(String url, Optional<String> credentials) {
  /** In characters. */
  public static final int LENGTH_MAX = 2_000;

  private static final String WITHOUT_SCHEME = "[^:/?#@]+(:\\d+)?([/?].*)?";

  /** Reads one; empty for what is no URL of HTTP or HTTPS. */
  public static Optional<WebhookUrl> parse(String text) {
    return targetIn(text).map(url -> new WebhookUrl(without(url), credentials(url)));
  }

  /** The URL that is meant: recorded ones came without a scheme too. */
  private static Optional<URI> targetIn(String text) {
    if (!text.contains("://") && !text.matches(WITHOUT_SCHEME)) {
      return Optional.empty();
    }
    try {
      URI url = new URI(text.contains("://") ? text : "http://" + text);
      String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
      boolean isHttp = scheme.equals("http") || scheme.equals("https");
      boolean hasPort = url.getPort() == -1 || (url.getPort() > 0 && url.getPort() < 65_536);
      return isHttp && hasPort && url.getHost() != null && url.getFragment() == null
          ? Optional.of(url)
          : Optional.empty();
    } catch (URISyntaxException e) {
      return international(text);
    }
  }

  /** A host name in other letters is known to the network in ASCII. */
  private static Optional<URI> international(String text) {
    if (text.chars().allMatch(c -> c < 128)) {
      return Optional.empty();
    }
    int start = text.contains("://") ? text.indexOf("://") + 3 : 0;
    int end = start;
    while (end < text.length() && "/?#:".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    try {
      String ascii = IDN.toASCII(text.substring(start, end));
      String whole = text.substring(0, start) + ascii + text.substring(end);
      return whole.chars().allMatch(c -> c < 128) ? targetIn(whole) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String without(URI url) {
    String text = url.toString();
    return url.getRawUserInfo() == null ? text : text.replace(url.getRawUserInfo() + "@", "");
  }

  private static Optional<String> credentials(URI url) {
    return Optional.ofNullable(url.getRawUserInfo())
        .map(pair -> URLDecoder.decode(pair.replace("+", "%2B"), StandardCharsets.UTF_8))
        .map(pair -> pair.contains(":") ? pair : pair + ":");
  }
}
