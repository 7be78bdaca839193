package postern.dashboard;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import postern.core.Mode;
import postern.core.Money;

/** How values are shown to people. */
public final class Shown {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("d MMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);
  private static final int MICRO_DIGITS = 6;
  private static final int KEY_PREFIX_LENGTH = 4;
  private static final int KEY_END_LENGTH = 4;

  private Shown() {}

  /** A moment, in UTC. */
  public static String time(Instant at) {
    return TIME.format(at);
  }

  /** The same, with a word where there is none. */
  public static String time(@Nullable Instant at, String otherwise) {
    return at == null ? otherwise : time(at);
  }

  /** An amount such as {@code $1,234.50}: two places, or as many as it needs. */
  public static String dollars(long micros) {
    String exact = Money.text(Math.absExact(micros), MICRO_DIGITS);
    int point = exact.indexOf('.');
    int end = exact.length();
    while (end > point + 3 && exact.charAt(end - 1) == '0') {
      end--;
    }
    String whole = String.format(Locale.ROOT, "%,d", Long.parseLong(exact.substring(0, point)));
    return (micros < 0 ? "−$" : "$") + whole + exact.substring(point, end);
  }

  /** The same with a sign in any case. */
  public static String signedDollars(long micros) {
    return (micros > 0 ? "+" : "") + dollars(micros);
  }

  /** An amount as somebody types it; empty for none. */
  public static String typed(@Nullable Long micros) {
    return micros == null ? "" : dollars(micros).substring(1).replace(",", "");
  }

  /** A key of which only enough is shown to tell it from others. */
  public static String masked(String key) {
    return key.substring(0, KEY_PREFIX_LENGTH)
        + "••••••••"
        + key.substring(key.length() - KEY_END_LENGTH);
  }

  /** A browser and its system, of what it calls itself; as it is where that says nothing known. */
  public static String browser(String client) {
    String name =
        firstIn(client, "Edg/:Edge", "Firefox/:Firefox", "Chrome/:Chrome", "Safari/:Safari");
    String system =
        firstIn(
            client,
            "iPhone:iPhone",
            "iPad:iPad",
            "Android:Android",
            "Windows:Windows",
            "Mac OS X:macOS",
            "Linux:Linux");
    if (name.isEmpty()) {
      return client.isEmpty() ? "unknown" : client;
    }
    return system.isEmpty() ? name : name + " on " + system;
  }

  /** The name of the first sign that a text holds; each is written sign, colon, name. */
  private static String firstIn(String text, String... signs) {
    for (String sign : signs) {
      int colon = sign.indexOf(':');
      if (text.contains(sign.substring(0, colon))) {
        return sign.substring(colon + 1);
      }
    }
    return "";
  }

  /** A mode, as a word. */
  public static String mode(Mode mode) {
    return mode == Mode.TEST ? "Test" : "Production";
  }

  /** A word of the wire as people write it: {@code refund_reversal} is "Refund reversal". */
  public static String words(String wireName) {
    String words = wireName.replace('_', ' ');
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }
}
