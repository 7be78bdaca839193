package postern.fuzz;

import java.nio.charset.StandardCharsets;

/** The texts that bytes of a fuzzer stand for. */
public final class Text {
  private Text() {}

  /** As a header comes: each byte is a character. */
  public static String latin1(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** As a parameter comes; what is no UTF-8 is replaced. */
  public static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
