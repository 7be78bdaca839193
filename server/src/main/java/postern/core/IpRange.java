package postern.core;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;

/**
 * Addresses that begin with the same bits, as CIDR writes them (RFC 4632 section 3.1): {@code
 * 10.0.0.0/8}, {@code 2001:db8::/32}, or one address.
 */
public final class IpRange {
  private final byte[] network;
  private final int bits;

  private IpRange(byte[] network, int bits) {
    this.network = network;
    this.bits = bits;
  }

  /** The range that a text is; empty for names, other masks, and bits set behind the mask. */
  public static Optional<IpRange> parse(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    String mask = slash < 0 ? "" : text.substring(slash + 1);
    if (address.indexOf('%') >= 0 || (slash >= 0 && !mask.matches("0|[1-9]\\d{0,2}"))) {
      return Optional.empty();
    }
    Optional<InetAddress> base = IpAddresses.parse(address);
    if (base.isEmpty()) {
      return Optional.empty();
    }
    byte[] bytes = base.get().getAddress();
    int width = bytes.length * Byte.SIZE;
    // IPv4 that is written inside IPv6 has no mask of its own there.
    boolean isMapped = address.indexOf(':') >= 0 && bytes.length == 4;
    int bits = slash < 0 ? width : Integer.parseInt(mask);
    if (bits > width || (isMapped && slash >= 0)) {
      return Optional.empty();
    }
    IpRange range = new IpRange(bytes, bits);
    return Arrays.equals(range.masked(bytes), bytes) ? Optional.of(range) : Optional.empty();
  }

  /** Whether an address is one of the range. */
  public boolean contains(InetAddress address) {
    byte[] bytes = address.getAddress();
    return bytes.length == network.length && Arrays.equals(masked(bytes), network);
  }

  private byte[] masked(byte[] bytes) {
    byte[] masked = bytes.clone();
    for (int i = 0; i < masked.length; i++) {
      int kept = Math.clamp(bits - (long) i * Byte.SIZE, 0, Byte.SIZE);
      masked[i] &= (byte) (0xff << (Byte.SIZE - kept));
    }
    return masked;
  }
}
