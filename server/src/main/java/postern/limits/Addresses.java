package postern.limits;

/** What is counted together of the network addresses. */
final class Addresses {
  private static final int GROUPS_OF_A_NETWORK = 4;

  private Addresses() {}

  /**
   * The address itself; of IPv6 the first 64 bits, since whoever has one address has all of its
   * network (RFC 4291, section 2.5.4).
   */
  static String subject(String address) {
    if (address.indexOf(':') < 0) {
      return address;
    }
    String[] groups = address.split(":", -1);
    return groups.length < 2 * GROUPS_OF_A_NETWORK
        ? address
        : String.join(":", java.util.Arrays.copyOf(groups, GROUPS_OF_A_NETWORK)) + "::/64";
  }
}
