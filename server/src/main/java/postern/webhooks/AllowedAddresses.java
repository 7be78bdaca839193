package postern.webhooks;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Resolves the hosts of receivers to the addresses that the server may connect to, and to no other:
 * the client tries exactly these, one after the other.
 *
 * @param allowsPrivate whether addresses are allowed that are not public
 */
record AllowedAddresses(boolean allowsPrivate) implements DnsResolver {
  /** A name with more addresses is reached by the first of them or not at all. */
  private static final int ADDRESSES_MAX = 8;

  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    InetAddress[] allowed =
        Arrays.stream(addressesOf(host))
            .filter(address -> allowsPrivate || AddressRule.isPublic(address))
            .limit(ADDRESSES_MAX)
            .toArray(InetAddress[]::new);
    if (allowed.length == 0) {
      throw new UnknownHostException(
          "the host has no public address; webhooks.allow-private-targets is not set");
    }
    return allowed;
  }

  private static InetAddress[] addressesOf(String host) throws UnknownHostException {
    try {
      return InetAddress.getAllByName(host);
    } catch (IllegalArgumentException e) {
      // The JDK says this of notations of IPv4 that others read in another way.
      throw new UnknownHostException(e.getMessage());
    }
  }

  @Override
  public String resolveCanonicalHostname(String host) {
    return host;
  }
}
