package postern.mail;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.io.UnsupportedEncodingException;
import java.net.IDN;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Addresses as they stand in headers and commands: the display name in encoded words (RFC 2047),
 * the domain in ASCII (RFC 5890), which every server takes. A mailbox in other letters stays as it
 * is and needs SMTPUTF8 (RFC 6531).
 */
final class MailAddresses {
  private MailAddresses() {}

  /**
   * Reads the sender.
   *
   * @throws IllegalArgumentException if it is no address
   */
  static InternetAddress sender(String text) {
    try {
      if (text.chars().anyMatch(Character::isISOControl)) {
        throw new AddressException("control characters");
      }
      InternetAddress parsed = new InternetAddress(text, false);
      InternetAddress address = inAscii(parsed.getAddress());
      @Nullable String name = parsed.getPersonal();
      if (name != null) {
        address.setPersonal(name, StandardCharsets.UTF_8.name());
      }
      return address;
    } catch (AddressException | UnsupportedEncodingException e) {
      throw new IllegalArgumentException(
          "mail.from must be an e-mail address, such as Postern <postern@example.com>", e);
    }
  }

  /** Reads a recipient: an address alone. */
  static InternetAddress recipient(String text) throws AddressException {
    return inAscii(text);
  }

  private static InternetAddress inAscii(String address) throws AddressException {
    int at = address.lastIndexOf('@');
    if (at < 0) {
      throw new AddressException("no domain", address);
    }
    try {
      String domain = IDN.toASCII(address.substring(at + 1));
      InternetAddress read = new InternetAddress();
      read.setAddress(address.substring(0, at + 1) + domain);
      read.validate();
      return read;
    } catch (IllegalArgumentException e) {
      throw new AddressException("no domain", address);
    }
  }

  /** Returns whether the mailbox is named in other letters than those of ASCII. */
  static boolean isInternational(InternetAddress address) {
    return address.getAddress().chars().anyMatch(c -> c >= 128);
  }
}
