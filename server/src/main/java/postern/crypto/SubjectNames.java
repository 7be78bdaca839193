package postern.crypto;

import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The names that a server certificate stands for, in one canonical form each, so that two sets can
 * be compared: DNS names in lower case and addresses as {@link InetAddress#getHostAddress} has
 * them.
 */
record SubjectNames(SortedSet<String> dnsNames, SortedSet<String> addresses) {

  private static final List<String> LOCAL = List.of("localhost", "127.0.0.1", "::1");
  private static final int NAMES_MAX = 100;
  private static final int DNS_NAME_LENGTH_MAX = 253;
  private static final int SAN_DNS = 2;
  private static final int SAN_ADDRESS = 7;

  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final Pattern DIGITS = Pattern.compile("\\d+");
  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9a-f:.]*:[0-9a-f:.]*");

  /** The local names and {@code extra} ones, or a sentence about the first that is wrong. */
  static SubjectNames localAnd(Collection<String> extra) {
    if (extra.size() > NAMES_MAX) {
      throw new CryptoSetupException(
          "A certificate takes " + NAMES_MAX + " extra names at most, not " + extra.size());
    }
    var names = new SubjectNames(new TreeSet<>(), new TreeSet<>());
    LOCAL.forEach(names::add);
    extra.forEach(names::add);
    return names;
  }

  /** The names in {@code certificate}; those of other kinds are left out. */
  static SubjectNames of(X509Certificate certificate) throws CertificateParsingException {
    var names = new SubjectNames(new TreeSet<>(), new TreeSet<>());
    Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
    if (alternatives != null) {
      for (List<?> alternative : alternatives) {
        if (alternative.get(0) instanceof Integer kind
            && (kind == SAN_DNS || kind == SAN_ADDRESS)
            && alternative.get(1) instanceof String name) {
          names.add(name);
        }
      }
    }
    return names;
  }

  private void add(String given) {
    String name = given.toLowerCase(Locale.ROOT);
    if (IPV4.matcher(name).matches() || IPV6.matcher(name).matches()) {
      addresses.add(canonicalAddress(given, name));
    } else {
      checkDnsName(given, name);
      dnsNames.add(name);
    }
  }

  private static String canonicalAddress(String given, String name) {
    try {
      return InetAddress.ofLiteral(name).getHostAddress();
    } catch (IllegalArgumentException _) {
      throw bad(given, "it is not a valid IP address");
    }
  }

  private static void checkDnsName(String given, String name) {
    boolean wildcard = name.startsWith("*.");
    String host = wildcard ? name.substring(2) : name;
    String[] labels = host.split("\\.", -1);
    if (name.length() > DNS_NAME_LENGTH_MAX) {
      throw bad(given, "it is longer than " + DNS_NAME_LENGTH_MAX + " characters");
    }
    if (wildcard && labels.length < 2) {
      throw bad(given, "a wildcard needs two labels after it, as in *.example.com");
    }
    for (String label : labels) {
      if (!LABEL.matcher(label).matches()) {
        throw bad(
            given,
            "a DNS name has labels of 1 to 63 letters, digits and inner hyphens between dots, may"
                + " start with \"*.\", and is written in ASCII (xn--…)");
      }
    }
    // Clients read such a name as a shortened IPv4 address.
    if (DIGITS.matcher(labels[labels.length - 1]).matches()) {
      throw bad(given, "the last label of a DNS name is not a number");
    }
  }

  private static CryptoSetupException bad(String name, String reason) {
    return new CryptoSetupException(
        "A certificate cannot be made for the name \"" + name + "\": " + reason);
  }
}
