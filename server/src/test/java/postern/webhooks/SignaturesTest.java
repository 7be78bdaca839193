package postern.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import postern.json.Json;

class SignaturesTest {
  private static final Instant AT = Instant.parse("2025-08-19T20:37:09Z");

  private static Map<String, String> headers(List<String> secrets, String path, String body) {
    return Signatures.headers(secrets, "evt_1", AT, path, body.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void firstSchemeIsAsRecorded() throws Exception {
    Map<?, ?> recorded;
    try (InputStream in =
        Objects.requireNonNull(getClass().getResourceAsStream("/wire/webhook-signature.json"))) {
      recorded = (Map<?, ?>) Objects.requireNonNull(Json.parse(in.readAllBytes()));
    }
    String secret = String.valueOf(recorded.get("secret"));
    assertThat(headers(List.of(secret), "/", String.valueOf(recorded.get("body"))))
        .containsEntry("X-Hmac-Signature", String.valueOf(recorded.get("signature")));
  }

  /** Made with another program from the scheme's description; the secret is normalised first. */
  @Test
  void secondSchemeIsAsDescribed() {
    Map<String, String> headers = headers(List.of("s\u00e9cret"), "/webhook", "{\"id\":\"evt_1\"}");
    assertThat(headers.get("X-Timestamp")).isEqualTo("Tue, 19 Aug 2025 20:37:09 -0000");
    assertThat(headers.get("X-Hmac-Signature-V2"))
        .isEqualTo(
            "hmac-sha256-hex=853c552ec0d9fc2329e44ce87124a80b662e456f82f086ce434dff753569b718");
  }

  @Test
  void theSameLetterHoweverTypedSignsAlike() {
    assertThat(headers(List.of("s\u00e9cret"), "/", "x"))
        .isEqualTo(headers(List.of("se\u0301cret"), "/", "x"));
  }

  @Test
  void standardSignatureIsOverIdTimeAndBodyWithEachSecret() throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec("new".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    String signed = "evt_1." + AT.getEpochSecond() + ".x";
    String expected =
        Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
    String header = headers(List.of("whsec_bmV3", "old"), "/", "x").get("webhook-signature");
    assertThat(header).startsWith("v1," + expected + " v1,");
    assertThat(headers(List.of("new"), "/", "x").get("webhook-signature"))
        .isEqualTo("v1," + expected);
  }

  @Test
  void withoutASecretNothingIsSigned() {
    assertThat(headers(List.of(), "/", "x"))
        .containsOnlyKeys("X-Timestamp", "X-Path", "webhook-id", "webhook-timestamp");
  }
}
