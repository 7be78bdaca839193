package postern.core;

import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The one parser of e-mail addresses, for every way in which one comes in. It takes addresses as
 * people write them: a dot-atom (RFC 5322, section 3.2.3), with letters of every script (RFC 6531,
 * section 3.3), at a domain. Comments, quoted names, display names and address literals are no
 * addresses here.
 */
public final class EmailAddress {
  private static final int LOCAL_PART_BYTES_MAX = 64;
  private static final int DOMAIN_LENGTH_MAX = 253;

  /** Letters, marks and digits of every script, and the signs of RFC 5322's "atext". */
  private static final String ATOM = "[\\p{L}\\p{M}\\p{N}!#$%&'*+/=?^_`{|}~-]+";

  private static final Pattern LOCAL_PART = Pattern.compile(ATOM + "(\\." + ATOM + ")*");
  private static final Pattern LABEL =
      Pattern.compile("[\\p{L}\\p{N}]([\\p{L}\\p{M}\\p{N}_-]*[\\p{L}\\p{M}\\p{N}])?");
  private static final String NUMBER = "\\d+";

  private EmailAddress() {}

  /**
   * Reads an address.
   *
   * @return the address in Unicode's form NFC; empty if the text is no address, among them every
   *     text with white space, control, invisible or unassigned characters, or with such that
   *     change the direction of the text
   */
  public static Optional<String> parse(String text) {
    String address = Normalizer.normalize(text, Normalizer.Form.NFC);
    int at = address.indexOf('@');
    if (at < 0 || at != address.lastIndexOf('@')) {
      return Optional.empty();
    }
    String local = address.substring(0, at);
    boolean isAddress =
        local.getBytes(StandardCharsets.UTF_8).length <= LOCAL_PART_BYTES_MAX
            && LOCAL_PART.matcher(local).matches()
            && address.codePoints().allMatch(EmailAddress::isSeen)
            && isDomain(address.substring(at + 1));
    return isAddress ? Optional.of(address) : Optional.empty();
  }

  /** Some letters have no shape: Hangul's fillers, and marks that choose a variant. */
  private static boolean isSeen(int c) {
    boolean isFiller = c == 0x115F || c == 0x1160 || c == 0x3164 || c == 0xFFA0;
    boolean isInvisibleMark = c == 0x034F || c == 0x17B4 || c == 0x17B5;
    boolean isVariant =
        (c >= 0x180B && c <= 0x180F) || (c >= 0xFE00 && c <= 0xFE0F) || (c >> 8) == 0xE01;
    return !isFiller && !isInvisibleMark && !isVariant;
  }

  private static boolean isDomain(String domain) {
    String[] labels = domain.split("\\.", -1);
    for (String label : labels) {
      if (!LABEL.matcher(label).matches()) {
        return false;
      }
    }
    try {
      return !labels[labels.length - 1].matches(NUMBER)
          && IDN.toASCII(domain).length() <= DOMAIN_LENGTH_MAX;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
