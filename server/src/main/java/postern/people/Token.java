package postern.people;

import java.util.Base64;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import postern.crypto.Digests;

/** A secret that opens a session or a link: 256 random bits. Only its digest is stored. */
public final class Token {
  private static final int BYTES = 32;
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{43}");

  private final String text;

  private Token(String text) {
    this.text = text;
  }

  /**
   * A new one.
   *
   * @param random outside of tests a {@code SecureRandom}
   */
  public static Token next(RandomGenerator random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return new Token(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  /** Reads the text form; empty for any text that is not one. */
  public static Optional<Token> parse(String text) {
    return FORM.matcher(text).matches() ? Optional.of(new Token(text)) : Optional.empty();
  }

  /** The text form: the secret itself. */
  public String reveal() {
    return text;
  }

  /** What is stored of it. */
  public byte[] digest() {
    return Digests.sha256(text);
  }

  /**
   * What a form of the holder carries: only who has the token can know it, and the token cannot be
   * found from it.
   */
  public String formToken() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(Digests.sha256("form " + text));
  }

  /** Never the secret: this may end in a log. */
  @Override
  public String toString() {
    return "Token";
  }
}
