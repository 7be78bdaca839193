package postern.core;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts stars in the place of the credentials that stand in URLs, such as {@code
 * redis://:secret@host} and {@code jdbc:postgresql://host/db?password=secret}. Everything that is
 * printed, logged or thrown and may hold a URL of an operator's goes through it.
 */
public final class Masked {
  /** What is shown in the place of a secret, whatever its length. */
  public static final String STARS = "********";

  // The second alternative is for a password that holds a slash, a question mark or a hash as it
  // is. A port is no password: an at sign behind a path belongs to the path.
  private static final Pattern USER_INFO =
      Pattern.compile("//(?:[^/?#@\\s:]*:(?!\\d{1,5}(?:[/?#,\\s]|$))[^\\s]*@|[^/?#\\s]*@)");

  private static final Pattern PARAMETER =
      Pattern.compile("([\\w%.\\-]{3,100})=('[^']*'|\"[^\"]*\"|[^&\\s\"']+)");
  private static final Pattern SECRET_NAME =
      Pattern.compile("pass|pwd|secret|token|credential|api[_.-]?key");

  private Masked() {}

  /** The text with stars for what looks like a credential; the same text where nothing does. */
  public static String in(String text) {
    String masked = text;
    if (masked.contains("//") && masked.indexOf('@') >= 0) {
      masked = USER_INFO.matcher(masked).replaceAll("//" + STARS + "@");
    }
    if (masked.indexOf('=') >= 0) {
      masked = PARAMETER.matcher(masked).replaceAll(Masked::parameter);
    }
    return masked;
  }

  /** The same for a text that is one URL: a credential in it may hold a space as it is. */
  public static String url(String text) {
    String dense = text.replace(" ", "%20");
    String masked = in(dense);
    return masked.equals(dense) ? text : masked;
  }

  private static String parameter(MatchResult found) {
    String name = found.group(1);
    boolean isSecret = SECRET_NAME.matcher(decoded(name).toLowerCase(Locale.ROOT)).find();
    return Matcher.quoteReplacement(isSecret ? name + "=" + STARS : found.group());
  }

  private static String decoded(String name) {
    try {
      return URLDecoder.decode(name, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // Not an encoding: the name is what it looks like.
      return name;
    }
  }
}
