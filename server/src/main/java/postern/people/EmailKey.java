package postern.people;

import java.text.Normalizer;
import java.util.Locale;

/** The form of an e-mail address in which all its spellings are equal. */
public final class EmailKey {
  private EmailKey() {}

  public static String of(String address) {
    return Normalizer.normalize(address, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
  }
}
