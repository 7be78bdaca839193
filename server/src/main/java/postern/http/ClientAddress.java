package postern.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.webserver.http.ServerRequest;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import postern.core.IpAddresses;
import postern.core.IpRange;

/**
 * The network address that a request comes from: that of the connection, or what a proxy in front
 * of this server says in {@code X-Forwarded-For} or {@code Forwarded} (RFC 7239). Only proxies that
 * the operator has named are believed, and of what they say only the last address that is not one
 * of theirs: a client can write all those before it.
 */
final class ClientAddress {
  private static final int HOPS_MAX = 32;
  private static final HeaderName FORWARDED = HeaderNames.create("Forwarded");

  private final List<IpRange> trustedProxies;

  ClientAddress(List<IpRange> trustedProxies) {
    this.trustedProxies = trustedProxies;
  }

  String of(ServerRequest request) {
    String peer = request.remotePeer().host();
    return trustedProxies.isEmpty() ? peer : of(peer, request.headers());
  }

  /**
   * The same for one that came over a connection of {@code peer}. Where both headers are there and
   * say different things, one of them is the client's own: the proxy's address counts then.
   */
  private String of(String peer, Headers headers) {
    Optional<InetAddress> proxy = IpAddresses.parse(peer);
    if (proxy.isEmpty() || !isTrusted(proxy.get())) {
      return peer;
    }
    List<String> older = hopsIn(lines(headers, HeaderNames.X_FORWARDED_FOR), ',');
    List<String> newer = forIn(lines(headers, FORWARDED));
    if (older.isEmpty() || newer.isEmpty()) {
      return nearest(proxy.get(), older.isEmpty() ? newer : older);
    }
    String said = nearest(proxy.get(), older);
    return said.equals(nearest(proxy.get(), newer)) ? said : proxy.get().getHostAddress();
  }

  /** The same for one {@code X-Forwarded-For}. */
  String of(String peer, String forwardedFor) {
    Optional<InetAddress> proxy = IpAddresses.parse(peer);
    return proxy.isEmpty() || !isTrusted(proxy.get())
        ? peer
        : nearest(proxy.get(), hopsIn(forwardedFor, ','));
  }

  /** The last hop that is not a trusted proxy; what is not an address ends the search. */
  private String nearest(InetAddress proxy, List<String> hops) {
    InetAddress nearest = proxy;
    for (int i = hops.size() - 1; i >= Math.max(0, hops.size() - HOPS_MAX); i--) {
      Optional<InetAddress> hop = addressIn(hops.get(i));
      if (hop.isEmpty()) {
        break;
      }
      nearest = hop.get();
      if (!isTrusted(nearest)) {
        break;
      }
    }
    return nearest.getHostAddress();
  }

  /** Whether the address is one of a proxy that is believed. */
  boolean isTrusted(InetAddress address) {
    for (IpRange range : trustedProxies) {
      if (range.contains(address)) {
        return true;
      }
    }
    return false;
  }

  /** All lines of a header as one: a proxy may add a line, or to a line. */
  private static String lines(Headers headers, HeaderName name) {
    return headers.contains(name) ? String.join(",", headers.get(name).allValues()) : "";
  }

  /** The {@code for} of each hop of a {@code Forwarded}; an empty text for a hop without one. */
  private static List<String> forIn(String forwarded) {
    List<String> all = new ArrayList<>();
    for (String hop : hopsIn(forwarded, ',')) {
      String found = "";
      for (String pair : hopsIn(hop, ';')) {
        if (pair.toLowerCase(Locale.ROOT).startsWith("for=")) {
          found = pair.substring("for=".length());
        }
      }
      all.add(found);
    }
    return all;
  }

  /** The parts between separators that stand outside of quotes. */
  private static List<String> hopsIn(String text, char separator) {
    List<String> parts = new ArrayList<>();
    boolean isQuoted = false;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char each = text.charAt(i);
      if (each == '"') {
        isQuoted = !isQuoted;
      } else if (each == '\\' && isQuoted) {
        i++;
      } else if (each == separator && !isQuoted) {
        parts.add(text.substring(start, i).strip());
        start = i + 1;
      }
    }
    String last = text.substring(start).strip();
    if (!last.isEmpty() || !parts.isEmpty()) {
      parts.add(last);
    }
    return parts;
  }

  /** The address of a hop, without its quotes, brackets and port. */
  private static Optional<InetAddress> addressIn(String hop) {
    String text = hop;
    if (text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"")) {
      text = text.substring(1, text.length() - 1).strip();
    }
    if (text.startsWith("[")) {
      int end = text.indexOf(']');
      boolean isEnded = end > 0 && text.substring(end + 1).matches("(:\\d{1,5})?");
      String inside = isEnded ? text.substring(1, end) : "";
      return inside.indexOf(':') < 0 ? Optional.empty() : IpAddresses.parse(inside);
    }
    int colon = text.indexOf(':');
    if (colon > 0 && colon == text.lastIndexOf(':')) {
      // One colon: a port behind IPv4.
      return text.substring(colon + 1).matches("\\d{1,5}")
          ? IpAddresses.parse(text.substring(0, colon))
          : Optional.empty();
    }
    return IpAddresses.parse(text);
  }
}
