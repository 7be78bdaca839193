package postern.main;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Set;

/** The URL under which a port of this server is reached from its own machine. */
final class LocalUrl {
  private static final String LOCALHOST = "localhost";

  /** What {@code localhost} stands for; a certificate of the local CA is for it. */
  private static final Set<String> SAME_AS_LOCALHOST = Set.of("", LOCALHOST, "127.0.0.1");

  private LocalUrl() {}

  /** Such as {@code http://127.0.0.2:8080} for a port that listens on that address alone. */
  static String of(String scheme, String bind, int port) {
    String host = host(bind);
    boolean isIpv6 = host.indexOf(':') >= 0;
    // RFC 6874, section 2: the percent sign of a zone is encoded.
    return scheme + "://" + (isIpv6 ? "[" + host.replace("%", "%25") + "]" : host) + ":" + port;
  }

  /** The name or address to reach a listener by that was told to bind to this one. */
  static String host(String bind) {
    String plain =
        bind.startsWith("[") && bind.endsWith("]") ? bind.substring(1, bind.length() - 1) : bind;
    return SAME_AS_LOCALHOST.contains(plain) || isEveryAddress(plain) ? LOCALHOST : plain;
  }

  private static boolean isEveryAddress(String host) {
    try {
      return InetAddress.getByName(host).isAnyLocalAddress();
    } catch (UnknownHostException e) {
      // Not an address of this machine: the start is refused elsewhere, with a sentence.
      return false;
    }
  }
}
