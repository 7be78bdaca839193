package postern.crypto;

import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An Argon2id hash in PHC form, {@code $argon2id$v=19$m=19456,t=2,p=1$salt$hash}, with parameters
 * within the limits that this server is willing to compute.
 */
final class PhcString {

  // 64 MiB and ten passes are 17 times our own cost: a tampered row must not take the machine down.
  static final int MEMORY_KIB_MAX = 65_536;
  static final int PASSES_MAX = 10;
  static final int LANES_MAX = 4;
  private static final int SALT_BYTES_MIN = 8;
  private static final int HASH_BYTES_MIN = 16;
  private static final int BYTES_MAX = 64;
  private static final int TEXT_LENGTH_MAX = 300;

  private static final Pattern FORM =
      Pattern.compile(
          "\\$argon2id\\$v=19\\$m=([1-9]\\d{0,8}),t=([1-9]\\d{0,8}),p=([1-9]\\d{0,8})"
              + "\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)");

  private final int memoryKib;
  private final int passes;
  private final int lanes;
  private final byte[] salt;
  private final byte[] hash;

  PhcString(int memoryKib, int passes, int lanes, byte[] salt, byte[] hash) {
    boolean sane =
        lanes <= LANES_MAX
            && memoryKib >= 8 * lanes
            && memoryKib <= MEMORY_KIB_MAX
            && passes <= PASSES_MAX
            && salt.length >= SALT_BYTES_MIN
            && salt.length <= BYTES_MAX
            && hash.length >= HASH_BYTES_MIN
            && hash.length <= BYTES_MAX;
    if (!sane) {
      throw new IllegalArgumentException(
          "A stored password hash asks for parameters beyond the limits");
    }
    this.memoryKib = memoryKib;
    this.passes = passes;
    this.lanes = lanes;
    this.salt = salt.clone();
    this.hash = hash.clone();
  }

  /** Reads {@code text}; the exception does not repeat it. */
  static PhcString parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (text.length() > TEXT_LENGTH_MAX || !parts.matches()) {
      throw new IllegalArgumentException("A stored password hash is not an Argon2id PHC string");
    }
    return new PhcString(
        Integer.parseInt(parts.group(1)),
        Integer.parseInt(parts.group(2)),
        Integer.parseInt(parts.group(3)),
        Base64.getDecoder().decode(parts.group(4)),
        Base64.getDecoder().decode(parts.group(5)));
  }

  int memoryKib() {
    return memoryKib;
  }

  int passes() {
    return passes;
  }

  int lanes() {
    return lanes;
  }

  byte[] salt() {
    return salt.clone();
  }

  byte[] hash() {
    return hash.clone();
  }

  /** The PHC form; salt and hash are base64 without padding. */
  String text() {
    var base64 = Base64.getEncoder().withoutPadding();
    return "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
        .formatted(
            memoryKib, passes, lanes, base64.encodeToString(salt), base64.encodeToString(hash));
  }

  /** Never the hash: this may end up in a log. */
  @Override
  public String toString() {
    return "PhcString[m=" + memoryKib + ", t=" + passes + ", p=" + lanes + "]";
  }
}
