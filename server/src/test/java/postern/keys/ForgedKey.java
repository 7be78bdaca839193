package postern.keys;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** What a stranger makes who knows the form of keys and the ID of a user, and no key. */
public final class ForgedKey {
  private static final String BASE_62 =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int CHECKSUM_LENGTH = 6;

  private ForgedKey() {}

  /** A production key with a right checksum; each number gives another one. */
  public static String of(String userId, int number) {
    String text = "EZAK" + userId.substring("user_".length()) + "%016d".formatted(number);
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.US_ASCII));
    StringBuilder checksum = new StringBuilder();
    long rest = crc.getValue();
    for (int i = 0; i < CHECKSUM_LENGTH; i++) {
      checksum.insert(0, BASE_62.charAt((int) (rest % BASE_62.length())));
      rest /= BASE_62.length();
    }
    return text + checksum;
  }
}
