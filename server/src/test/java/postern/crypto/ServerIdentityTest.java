package postern.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ServerIdentityTest {

  @TempDir Path folder;

  private final CertificateIssuer issuer = new CertificateIssuer();
  private final KeyPair caKeys = issuer.newKeyPair();
  private final Instant now = Instant.now();
  private final X509Certificate ca = issuer.authority(caKeys, now);
  private final InstantSource clock = InstantSource.fixed(now);
  private Path certificatePem = Path.of("");
  private Path keyPem = Path.of("");

  @BeforeEach
  void nameFiles() {
    certificatePem = folder.resolve("fullchain.pem");
    keyPem = folder.resolve("privkey.pem");
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA", "Ed25519"})
  void readsPkcs8(String algorithm) throws Exception {
    KeyPair keys = keys(algorithm);
    writeCertificate(keys);
    writeKey("PRIVATE KEY", keys.getPrivate().getEncoded());

    ServerIdentity identity = ServerIdentity.fromPem(certificatePem, keyPem, clock);

    assertThat(identity.privateKey()).isEqualTo(keys.getPrivate());
    assertThat(identity.chain()).hasSize(2).last().isEqualTo(ca);
    assertThat(identity.toString()).startsWith("ServerIdentity[CN=localhost until ");
  }

  @Test
  void readsPkcs1AndServesWithIt(@TempDir Path dataDir) throws Exception {
    KeyPair keys = keys("RSA");
    writeCertificate(keys);
    writeKey("RSA PRIVATE KEY", bare(keys));

    ServerIdentity identity = ServerIdentity.fromPem(certificatePem, keyPem, clock);

    assertThat(identity.privateKey()).isEqualTo(keys.getPrivate());
    assertServes(identity, dataDir);
  }

  @Test
  void readsSec1BehindItsParametersAndServesWithIt(@TempDir Path dataDir) throws Exception {
    KeyPair keys = issuer.newKeyPair();
    writeCertificate(keys);
    PrivateKeyInfo info = PrivateKeyInfo.getInstance(keys.getPrivate().getEncoded());
    ECPrivateKey found = ECPrivateKey.getInstance(info.parsePrivateKey());
    // As openssl writes it: with the curve inside, and once more in a block before.
    var full = new ECPrivateKey(256, found.getKey(), info.getPrivateKeyAlgorithm().getParameters());
    byte[] curve = info.getPrivateKeyAlgorithm().getParameters().toASN1Primitive().getEncoded();
    Files.writeString(
        keyPem, block("EC PARAMETERS", curve) + block("EC PRIVATE KEY", full.getEncoded()));

    ServerIdentity identity = ServerIdentity.fromPem(certificatePem, keyPem, clock);

    assertServes(identity, dataDir);
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA", "Ed25519"})
  void refusesAKeyOfAnotherCertificate(String algorithm) throws Exception {
    writeCertificate(keys(algorithm));
    writeKey("PRIVATE KEY", keys(algorithm).getPrivate().getEncoded());

    assertRefused(keyPem + " holds a private key that does not belong to its certificate");
  }

  @Test
  void refusesAKeyOfAnotherKind() throws Exception {
    writeCertificate(keys("EC"));
    KeyPair rsa = keys("RSA");

    writeKey("RSA PRIVATE KEY", bare(rsa));
    assertRefused(keyPem + " holds a private key that does not belong to its certificate");
    writeKey("PRIVATE KEY", rsa.getPrivate().getEncoded());
    assertRefused(
        keyPem + " holds a private key that cannot be read, or is not of its certificate's kind");
  }

  @Test
  void refusesAnExpiredAndAFutureCertificate() throws Exception {
    KeyPair keys = keys("EC");
    writeCertificate(keys);
    writeKey("PRIVATE KEY", keys.getPrivate().getEncoded());

    assertThatThrownBy(() -> fromPemAt(now.plus(Duration.ofDays(398))))
        .isInstanceOf(CryptoSetupException.class)
        .hasMessageStartingWith(certificatePem + " holds a certificate that expired at ");
    assertThatThrownBy(() -> fromPemAt(now.minus(Duration.ofDays(1))))
        .isInstanceOf(CryptoSetupException.class)
        .hasMessageStartingWith(certificatePem + " holds a certificate that starts only at ");
  }

  @Test
  void refusesWhatHoldsNoKeyOrAProtectedOne() throws Exception {
    writeCertificate(keys("EC"));

    Files.writeString(keyPem, "");
    assertRefused(keyPem + " holds no private key in PEM form");
    Files.writeString(keyPem, block("ENCRYPTED PRIVATE KEY", new byte[] {1}));
    assertRefused(keyPem + " is protected by a password");
    String header = "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n";
    Files.writeString(
        keyPem, block("EC PRIVATE KEY", new byte[] {1}).replaceFirst("\n", "\n" + header));
    assertRefused(keyPem + " is protected by a password");
  }

  @Test
  void refusesWhatHoldsNoCertificateOrADamagedOne() throws Exception {
    writeKey("PRIVATE KEY", keys("EC").getPrivate().getEncoded());

    assertRefused(certificatePem + " cannot be read: it or its folder does not exist");
    Files.writeString(certificatePem, "hello");
    assertRefused(certificatePem + " holds no certificate in PEM form");
    Files.writeString(certificatePem, block("CERTIFICATE", new byte[] {0x30, 0x01, 0x00}));
    assertRefused(certificatePem + " holds a certificate that cannot be read");
  }

  @Test
  void speaksOnlyTheTwoLatestProtocols() throws Exception {
    KeyPair keys = keys("EC");
    var identity = new ServerIdentity(keys.getPrivate(), List.of(certificate(keys), ca));
    assertThat(identity.serverParameters().getProtocols()).containsExactly("TLSv1.3", "TLSv1.2");
  }

  private void assertServes(ServerIdentity identity, Path dataDir) throws Exception {
    TrustStore store = new TrustStore(dataDir.resolve("p12"), dataDir.resolve("password"));
    store.write(ca);
    try (var server = new LoopbackTlsServer(identity)) {
      TlsClient client = TlsClient.trusting(store);
      assertThat(client.handshake(server.port(), "localhost")).isEqualTo("TLSv1.3");
      assertThat(client.handshake(server.port(), "localhost", "TLSv1.2")).isEqualTo("TLSv1.2");
    }
  }

  private void assertRefused(String sentence) {
    assertThatThrownBy(() -> fromPemAt(now))
        .isInstanceOf(CryptoSetupException.class)
        .hasMessageStartingWith(sentence);
  }

  private ServerIdentity fromPemAt(Instant time) {
    return ServerIdentity.fromPem(certificatePem, keyPem, InstantSource.fixed(time));
  }

  private void writeCertificate(KeyPair keys) throws IOException {
    Files.write(certificatePem, Pem.of(List.of(certificate(keys), ca)));
  }

  private X509Certificate certificate(KeyPair keys) {
    var names = SubjectNames.localAnd(List.of());
    return issuer.server(ca, caKeys.getPrivate(), keys.getPublic(), names, now);
  }

  private void writeKey(String label, byte[] der) throws IOException {
    Files.writeString(keyPem, block(label, der));
  }

  private static byte[] bare(KeyPair keys) throws IOException {
    return PrivateKeyInfo.getInstance(keys.getPrivate().getEncoded())
        .parsePrivateKey()
        .toASN1Primitive()
        .getEncoded();
  }

  private static KeyPair keys(String algorithm) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    if (algorithm.equals("RSA")) {
      // Longer ones take seconds to make, and are read no otherwise.
      generator.initialize(2048);
    }
    return generator.generateKeyPair();
  }

  private static String block(String label, byte[] der) {
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
        .formatted(label, Base64.getMimeEncoder().encodeToString(der));
  }
}
