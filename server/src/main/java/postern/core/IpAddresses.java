package postern.core;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Optional;

/** Reads IP addresses that are written as such: no name is ever looked up. */
public final class IpAddresses {
  private static final String OCTET = "(0|[1-9]\\d{0,2})";
  private static final String DOTTED = OCTET + "(\\." + OCTET + "){3}";
  private static final String GROUPS = "[0-9a-fA-F:.]+";
  private static final int LENGTH_MAX = 64;
  private static final int NETWORK_BYTES = 8;
  private static final int GROUP_BYTES = 2;

  private IpAddresses() {}

  /**
   * The address that a text is: four decimal numbers without leading zeros, or IPv6 (RFC 4291
   * section 2.2). A zone is passed over, and IPv4 inside IPv6 ({@code ::ffff:192.0.2.1}) is IPv4.
   */
  public static Optional<InetAddress> parse(String text) {
    int zone = text.indexOf('%');
    String address = zone < 0 ? text : text.substring(0, zone);
    boolean isWritten = address.matches(address.indexOf(':') < 0 ? DOTTED : GROUPS);
    if (!isWritten || address.length() > LENGTH_MAX) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.ofLiteral(address));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * What is counted as one caller: an IPv4 address, or the /64 of an IPv6 address, since whoever
   * has one address of it has all (RFC 4291 section 2.5.4). A text that is no address stays as it
   * is.
   */
  public static String network(String text) {
    // Most addresses are IPv4 and come from the socket: nothing is allocated for these.
    if (text.indexOf(':') < 0) {
      return text;
    }
    return parse(text).map(IpAddresses::network).orElse(text);
  }

  /** The same for an address. */
  public static String network(InetAddress address) {
    if (!(address instanceof Inet6Address)) {
      return address.getHostAddress();
    }
    byte[] bytes = address.getAddress();
    StringBuilder network = new StringBuilder(32);
    for (int i = 0; i < NETWORK_BYTES; i += GROUP_BYTES) {
      network
          .append(Integer.toHexString(((bytes[i] & 0xff) << 8) | (bytes[i + 1] & 0xff)))
          .append(':');
    }
    return network.append(":/64").toString();
  }
}
