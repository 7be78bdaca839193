package postern.webhooks;

import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

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

  /** RFC 3986, section 3.2: user information, host and port. */
  private static final Pattern AUTHORITY =
      Pattern.compile("(?:(.*)@)?(\\[.*]|[^\\[\\]:@]*)(:\\d{0,5})?");

  /**
   * A name of DNS (RFC 1123, section 2.1), where a container's may have an underscore and begin or
   * end with a hyphen. {@link URI#getHost} knows no such names.
   */
  private static final Pattern NAME =
      Pattern.compile("(?=.{1,254}$)[A-Za-z0-9_-]{1,63}(\\.[A-Za-z0-9_-]{1,63})*\\.?");

  /** Whoever resolves a name that ends so takes it for an address, in one of several notations. */
  private static final Pattern ENDS_IN_NUMBER =
      Pattern.compile("(.*\\.)?(\\d+|0[xX][0-9a-fA-F]*)\\.?");

  private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
  private static final Pattern IPV4 = Pattern.compile("(" + OCTET + "\\.){3}" + OCTET);

  /** Reads one; empty for what is no URL of HTTP or HTTPS. */
  public static Optional<WebhookUrl> parse(String text) {
    if (!text.contains("://") && !text.matches(WITHOUT_SCHEME)) {
      return Optional.empty();
    }
    // Recorded URLs came without a scheme too.
    String whole = text.contains("://") ? text : "http://" + text;
    try {
      return target(new URI(whole));
    } catch (URISyntaxException e) {
      return inAscii(whole).flatMap(WebhookUrl::parse);
    }
  }

  private static Optional<WebhookUrl> target(URI url) {
    String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
    if (!scheme.matches("https?") || url.getRawAuthority() == null || url.getFragment() != null) {
      return Optional.empty();
    }
    Matcher authority = AUTHORITY.matcher(url.getRawAuthority());
    if (!authority.matches() || !isHost(url, authority.group(2)) || !isPort(authority.group(3))) {
      return Optional.empty();
    }
    String host = authority.group(2) + Objects.requireNonNullElse(authority.group(3), "");
    String path = Objects.requireNonNullElse(url.getRawPath(), "");
    String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    return Optional.of(
        new WebhookUrl(
            url.getScheme() + "://" + host + path + query, credentials(authority.group(1))));
  }

  private static boolean isHost(URI url, String host) {
    if (host.startsWith("[")) {
      return host.equals(url.getHost());
    }
    return NAME.matcher(host).matches()
        && (!ENDS_IN_NUMBER.matcher(host).matches() || IPV4.matcher(host).matches());
  }

  private static boolean isPort(@Nullable String port) {
    if (port == null) {
      return true;
    }
    int number = port.length() == 1 ? 0 : Integer.parseInt(port.substring(1));
    return number > 0 && number < 65_536;
  }

  /** A host name in other letters is known to the network in ASCII. */
  private static Optional<String> inAscii(String text) {
    if (text.chars().allMatch(c -> c < 128)) {
      return Optional.empty();
    }
    int start = text.indexOf("://") + 3;
    int end = start;
    while (end < text.length() && "/?#:".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    try {
      String ascii = IDN.toASCII(text.substring(start, end));
      String whole = text.substring(0, start) + ascii + text.substring(end);
      return whole.chars().allMatch(c -> c < 128) ? Optional.of(whole) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> credentials(@Nullable String userInfo) {
    return Optional.ofNullable(userInfo)
        .map(pair -> URLDecoder.decode(pair.replace("+", "%2B"), StandardCharsets.UTF_8))
        .map(pair -> pair.contains(":") ? pair : pair + ":");
  }
}
