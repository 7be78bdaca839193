package postern.crypto;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.util.encoders.Base32;

/**
 * Codes of authenticator apps: RFC 6238 with the parameters that all apps know, which are six
 * digits, SHA-1 and steps of 30 seconds. Thread-safe.
 */
public final class Totp {
  private static final int SECRET_BYTES = 20;
  private static final Duration STEP = Duration.ofSeconds(30);

  // Clocks of phones differ by some seconds (RFC 6238, section 5.2).
  private static final int STEPS_AROUND = 1;

  private static final TimeBasedOneTimePasswordGenerator GENERATOR =
      new TimeBasedOneTimePasswordGenerator(STEP);

  private Totp() {}

  /** A new secret of 160 bits, as RFC 4226 recommends. */
  public static byte[] newSecret(RandomGenerator random) {
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    return secret;
  }

  /**
   * The time step that a code belongs to; empty unless that is the present one or one beside it.
   */
  public static OptionalLong stepOf(byte[] secret, String code, Instant now) {
    long present = now.getEpochSecond() / STEP.toSeconds();
    for (long step = present - STEPS_AROUND; step <= present + STEPS_AROUND; step++) {
      byte[] right =
          code(secret, Instant.ofEpochSecond(step * STEP.toSeconds()))
              .getBytes(StandardCharsets.UTF_8);
      if (MessageDigest.isEqual(right, code.getBytes(StandardCharsets.UTF_8))) {
        return OptionalLong.of(step);
      }
    }
    return OptionalLong.empty();
  }

  /** The code of a moment. */
  public static String code(byte[] secret, Instant at) {
    try {
      return GENERATOR.generateOneTimePasswordString(new SecretKeySpec(secret, "HmacSHA1"), at);
    } catch (InvalidKeyException e) {
      throw new IllegalStateException("HMAC takes keys of any bytes", e);
    }
  }

  /** The form in which people type a secret. */
  public static String base32(byte[] bytes) {
    return Base32.toBase32String(bytes).replace("=", "");
  }

  /** What the QR picture for an app holds. */
  public static String uri(String issuer, String account, byte[] secret) {
    return "otpauth://totp/"
        + encoded(issuer)
        + ":"
        + encoded(account)
        + "?secret="
        + base32(secret)
        + "&issuer="
        + encoded(issuer);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
