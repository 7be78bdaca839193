package postern.http;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The network address that a request comes from: that of the connection, or what a proxy in front
 * of this server says in {@code X-Forwarded-For}. Only proxies that the operator has named are
 * believed, and of what they say only the last address that is not one of theirs: the ones before
 * it anybody can write.
 */
final class ClientAddress {
  private static final int ADDRESSES_MAX = 32;

  // An address and nothing else: a name would be looked up.
  private static final Pattern NUMERIC = Pattern.compile("[0-9.]{7,15}|[0-9a-fA-F:.]{2,45}");

  private final List<String> trustedProxies;

  ClientAddress(List<String> trustedProxies) {
    this.trustedProxies = trustedProxies.stream().map(ClientAddress::canonical).toList();
  }

  String of(ServerRequest request) {
    String peer = request.remotePeer().host();
    return trustedProxies.isEmpty()
        ? peer
        : of(peer, request.headers().first(HeaderNames.X_FORWARDED_FOR).orElse(""));
  }

  String of(String peer, String forwardedFor) {
    if (trustedProxies.isEmpty() || !trustedProxies.contains(canonical(peer))) {
      return peer;
    }
    String[] hops = forwardedFor.split(",", -1);
    String nearest = peer;
    for (int i = hops.length - 1; i >= Math.max(0, hops.length - ADDRESSES_MAX); i--) {
      String hop = hops[i].strip();
      if (!NUMERIC.matcher(hop).matches()) {
        return nearest;
      }
      nearest = canonical(hop);
      if (!trustedProxies.contains(nearest)) {
        return nearest;
      }
    }
    return nearest;
  }

  /** One spelling for each address. */
  private static String canonical(String text) {
    try {
      return NUMERIC.matcher(text).matches() ? InetAddress.getByName(text).getHostAddress() : text;
    } catch (UnknownHostException e) {
      return text;
    }
  }
}
