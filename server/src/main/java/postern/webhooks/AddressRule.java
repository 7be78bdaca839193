package postern.webhooks;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Which addresses a request may leave for: those that anybody on the Internet could reach too. A
 * webhook's URL is somebody else's choice, and must not open what stands behind the server's own
 * walls.
 */
final class AddressRule {
  private AddressRule() {}

  static boolean isPublic(InetAddress address) {
    if (address.isAnyLocalAddress()
        || address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()) {
      return false;
    }
    return switch (address) {
      case Inet4Address four -> isPublic(four.getAddress());
      case Inet6Address six -> isPublicSix(six.getAddress());
      default -> false;
    };
  }

  /** The special blocks of RFC 6890 and its successors that the JDK does not know. */
  private static boolean isPublic(byte[] four) {
    int first = four[0] & 0xff;
    int second = four[1] & 0xff;
    int third = four[2] & 0xff;
    boolean isShared = first == 100 && (second & 0xc0) == 64;
    boolean isProtocol = first == 192 && second == 0 && (third == 0 || third == 2);
    boolean isRelay = first == 192 && second == 88 && third == 99;
    boolean isBenchmark = first == 198 && (second & 0xfe) == 18;
    boolean isExample =
        (first == 198 && second == 51 && third == 100)
            || (first == 203 && second == 0 && third == 113);
    return first != 0
        && first < 240
        && !isShared
        && !isProtocol
        && !isRelay
        && !isBenchmark
        && !isExample;
  }

  private static boolean isPublicSix(byte[] six) {
    int first = six[0] & 0xff;
    int second = six[1] & 0xff;
    // Behind these prefixes stands an IPv4 address: NAT64 and 6to4.
    if (first == 0x00 && second == 0x64 && (six[2] & 0xff) == 0xff && (six[3] & 0xff) == 0x9b) {
      return isPublicFour(Arrays.copyOfRange(six, 12, 16));
    }
    if (first == 0x20 && second == 0x02) {
      return isPublicFour(Arrays.copyOfRange(six, 2, 6));
    }
    boolean isUniqueLocal = (first & 0xfe) == 0xfc;
    boolean isProtocol = first == 0x20 && second == 0x01 && (six[2] & 0xfe) == 0;
    boolean isExample =
        first == 0x20 && second == 0x01 && six[2] == 0x0d && (six[3] & 0xff) == 0xb8;
    // Global addresses begin with the bits 001.
    return (first & 0xe0) == 0x20 && !isUniqueLocal && !isProtocol && !isExample;
  }

  private static boolean isPublicFour(byte[] four) {
    try {
      return isPublic(InetAddress.getByAddress(four));
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
