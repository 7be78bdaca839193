package postern.main;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Text that comes from outside is UTF-8, whatever the locale. {@code bin/postern} starts the JVM
 * so; one that was started otherwise has decoded arguments and variables by another encoding, which
 * loses letters: two passphrases can become the same.
 */
final class Utf8 {
  private static final String PREFIX = "POSTERN_";
  private static final int ASCII_MAX = 0x7f;
  private static final int REPLACEMENT = 0xfffd;

  private Utf8() {}

  /** Has standard output and standard error written in UTF-8. */
  static void setStreams() {
    System.setOut(stream(FileDescriptor.out));
    System.setErr(stream(FileDescriptor.err));
  }

  private static PrintStream stream(FileDescriptor to) {
    return new PrintStream(new FileOutputStream(to), true, StandardCharsets.UTF_8);
  }

  /**
   * Why what was given cannot be used, as a sentence; empty where all of it can.
   *
   * @param encoding the encoding by which the JVM has decoded it: {@code sun.jnu.encoding}
   */
  static Optional<String> fault(
      List<String> arguments, Map<String, String> environment, String encoding) {
    boolean isUtf8 = encoding.equalsIgnoreCase(StandardCharsets.UTF_8.name());
    Predicate<String> bad = isUtf8 ? Utf8::hasReplacement : Utf8::hasMoreThanAscii;
    Optional<String> where =
        arguments.stream()
            .filter(bad)
            .findFirst()
            .map(_ -> "an argument")
            .or(
                () ->
                    environment.entrySet().stream()
                        .filter(e -> e.getKey().startsWith(PREFIX))
                        .filter(e -> bad.test(e.getKey()) || bad.test(e.getValue()))
                        .map(e -> "the variable " + e.getKey())
                        .sorted()
                        .findFirst());
    return where.map(
        of ->
            isUtf8
                ? of + " is not UTF-8: write it in a terminal or a file whose encoding is UTF-8"
                : of
                    + " has letters beyond ASCII, which Java was started to read as "
                    + encoding
                    + ": start Postern with bin/postern, or Java with LC_ALL=C.UTF-8");
  }

  private static boolean hasReplacement(String text) {
    return text.indexOf(REPLACEMENT) >= 0;
  }

  private static boolean hasMoreThanAscii(String text) {
    return text.chars().anyMatch(c -> c > ASCII_MAX);
  }
}
