package postern.webhooks;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.text.Normalizer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The headers by which a receiver knows that a delivery is ours: EasyPost's two schemes, and
 * Standard Webhooks (version 1). All are made over the exact bytes of the body.
 */
public final class Signatures {
  private static final String PREFIX = "hmac-sha256-hex=";
  private static final String STANDARD_SECRET = "whsec_";
  private static final DateTimeFormatter RFC_2822 =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss '-0000'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Signatures() {}

  /**
   * The headers of one attempt.
   *
   * @param secrets the secret and, while it is being replaced, the one before; without any only the
   *     headers that need none are made
   * @param id the same for every attempt to deliver the same
   * @param path the path of the receiver's URL, with its query
   */
  public static Map<String, String> headers(
      List<String> secrets, String id, Instant at, String path, byte[] body) {
    Map<String, String> headers = new LinkedHashMap<>();
    String timestamp = RFC_2822.format(at);
    String seconds = Long.toString(at.getEpochSecond());
    headers.put("X-Timestamp", timestamp);
    headers.put("X-Path", path);
    headers.put("webhook-id", id);
    headers.put("webhook-timestamp", seconds);
    if (!secrets.isEmpty()) {
      byte[] key = textKey(secrets.getFirst());
      headers.put("X-Hmac-Signature", hex(key, body));
      headers.put("X-Hmac-Signature-V2", hex(key, joined(timestamp + "POST" + path, body)));
      byte[] signed = joined(id + "." + seconds + ".", body);
      headers.put(
          "webhook-signature",
          secrets.stream()
              .map(secret -> "v1," + base64(hmac(standardKey(secret), signed)))
              .collect(Collectors.joining(" ")));
    }
    return headers;
  }

  /** EasyPost's clients normalise the secret before they use it, so that é is é however typed. */
  private static byte[] textKey(String secret) {
    return Normalizer.normalize(secret, Normalizer.Form.NFKD).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Returns what is wrong with a secret, for a message that begins with its name. A secret that
   * begins as those of Standard Webhooks do is Base64 to every library that verifies by it.
   */
  public static Optional<String> problemOf(String secret) {
    return secret.startsWith(STANDARD_SECRET) && keyIn(secret).isEmpty()
        ? Optional.of(
            "must be Base64 with its padding after \"whsec_\", as Standard Webhooks defines it:"
                + " correct it, or leave \"whsec_\" out")
        : Optional.empty();
  }

  /** Libraries differ in how lenient they are, so only the one canonical text of a key counts. */
  private static Optional<byte[]> keyIn(String secret) {
    String text = secret.substring(STANDARD_SECRET.length());
    try {
      byte[] key = Base64.getDecoder().decode(text);
      return key.length > 0 && base64(key).equals(text) ? Optional.of(key) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Standard Webhooks' secrets are Base64 of the key; any other is its own text. */
  private static byte[] standardKey(String secret) {
    if (secret.startsWith(STANDARD_SECRET)) {
      try {
        return Base64.getDecoder().decode(secret.substring(STANDARD_SECRET.length()));
      } catch (IllegalArgumentException e) {
        return textKey(secret);
      }
    }
    return textKey(secret);
  }

  private static String hex(byte[] key, byte[] message) {
    return PREFIX + HexFormat.of().formatHex(hmac(key, message));
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static byte[] joined(String head, byte[] body) {
    byte[] first = head.getBytes(StandardCharsets.UTF_8);
    byte[] joined = java.util.Arrays.copyOf(first, first.length + body.length);
    System.arraycopy(body, 0, joined, first.length, body.length);
    return joined;
  }

  private static byte[] hmac(byte[] key, byte[] message) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      // An empty key is none that Java takes; HMAC fills a short one with zeros anyway.
      mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, "HmacSHA256"));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
