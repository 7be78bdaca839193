package postern.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LocalCaTest {

  private static final List<String> EXTRA = List.of("postern.test", "*.wild.test", "10.1.2.3");

  @TempDir Path dataDir;

  private Instant now = Instant.now();
  private final InstantSource clock = () -> now;

  @Nested
  class Handshake {

    @ParameterizedTest
    @ValueSource(
        strings = {"localhost", "127.0.0.1", "::1", "postern.test", "a.wild.test", "10.1.2.3"})
    void succeedsForEachName(String name) throws Exception {
      LocalCa ca = LocalCa.open(dataDir, clock);
      try (var server = new LoopbackTlsServer(ca.identity(EXTRA))) {
        TlsClient client = TlsClient.trusting(ca);
        assertThat(client.handshake(server.port(), name)).isEqualTo("TLSv1.3");
        assertThat(client.handshake(server.port(), name, "TLSv1.2")).isEqualTo("TLSv1.2");
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"other.test", "wild.test", "a.b.wild.test", "10.1.2.4"})
    void failsForOtherNames(String name) throws Exception {
      LocalCa ca = LocalCa.open(dataDir, clock);
      try (var server = new LoopbackTlsServer(ca.identity(EXTRA))) {
        TlsClient client = TlsClient.trusting(ca);
        assertThatThrownBy(() -> client.handshake(server.port(), name))
            .isInstanceOf(SSLHandshakeException.class);
      }
    }

    @Test
    void failsForAClientOfAnotherAuthority(@TempDir Path other) throws Exception {
      LocalCa ca = LocalCa.open(dataDir, clock);
      try (var server = new LoopbackTlsServer(ca.identity(EXTRA))) {
        TlsClient client = TlsClient.trusting(LocalCa.open(other, clock));
        assertThatThrownBy(() -> client.handshake(server.port(), "localhost"))
            .isInstanceOf(SSLHandshakeException.class);
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1"})
    void satisfiesTheHttpClientOfTheJdk(String host) throws Exception {
      LocalCa ca = LocalCa.open(dataDir, clock);
      try (var server = new LoopbackTlsServer(ca.identity(EXTRA));
          HttpClient client =
              HttpClient.newBuilder().sslContext(TlsClient.trusting(ca).context()).build()) {
        var uri = URI.create("https://" + host + ":" + server.port() + "/");
        var request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build();
        assertThat(client.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(204);
      }
    }
  }

  @Nested
  class FilesOnDisk {

    @Test
    void haveTheirModes() throws IOException {
      LocalCa ca = LocalCa.open(dataDir, clock);
      ca.identity(EXTRA);

      for (String secret : List.of("ca-key.pem", "server-key.pem", "trust-password")) {
        assertThat(KeyFilesTest.mode(file(secret))).as(secret).isEqualTo("rw-------");
      }
      for (String open : List.of("ca.pem", "server.pem", "trust.p12")) {
        assertThat(KeyFilesTest.mode(file(open))).as(open).isEqualTo("rw-r--r--");
      }
      assertThat(file("ca-key.pem")).content().startsWith("-----BEGIN PRIVATE KEY-----\n");
      assertThat(ca.trustStorePassword()).matches("[0-9a-f]{32}");
    }

    @Test
    void areReusedByTheNextStart() throws IOException {
      var first = LocalCa.open(dataDir, clock).identity(EXTRA);
      String trust = LocalCa.open(dataDir, clock).trustStorePassword();
      now = now.plus(Duration.ofDays(300));
      LocalCa again = LocalCa.open(dataDir, clock);

      assertThat(again.identity(EXTRA.reversed()).chain()).isEqualTo(first.chain());
      assertThat(again.trustStorePassword()).isEqualTo(trust);
    }

    @Test
    void serveAStartWithoutBouncyCastle() throws Exception {
      LocalCa.open(dataDir, clock).identity(EXTRA);
      String classes =
          Path.of(LocalCa.class.getProtectionDomain().getCodeSource().getLocation().toURI())
              + System.getProperty("path.separator")
              + Path.of(
                  LocalCaTest.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  classes,
                  StartWithoutLibraries.class.getName(),
                  dataDir.toString(),
                  String.join(",", EXTRA))
              .redirectErrorStream(true)
              .start();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor()).as(output).isZero();
    }

    @Test
    void areMadeAnewWhereAFirstStartWasCutOff() throws Exception {
      LocalCa.open(dataDir, clock).identity(EXTRA);
      Files.delete(file("ca.pem"));

      LocalCa ca = LocalCa.open(dataDir, clock);
      try (var server = new LoopbackTlsServer(ca.identity(EXTRA))) {
        assertThat(TlsClient.trusting(ca).handshake(server.port(), "localhost")).isNotEmpty();
      }
    }

    @Test
    void ofTheTrustStoreAreMadeAnewWhenMissing() throws Exception {
      LocalCa.open(dataDir, clock);
      Files.delete(file("trust-password"));

      LocalCa ca = LocalCa.open(dataDir, clock);
      try (var server = new LoopbackTlsServer(ca.identity(EXTRA))) {
        assertThat(TlsClient.trusting(ca).handshake(server.port(), "localhost")).isNotEmpty();
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ca.pem", "ca-key.pem"})
    void ofADamagedAuthorityStopTheStart(String name) throws IOException {
      LocalCa.open(dataDir, clock);
      Files.writeString(file(name), "-----BEGIN");

      assertThatThrownBy(() -> LocalCa.open(dataDir, clock))
          .isInstanceOf(CryptoSetupException.class)
          .hasMessageContaining(name)
          .hasMessageContaining("from a backup");
    }

    @Test
    void withAnAuthoritysKeyMissingStopTheStart() throws IOException {
      LocalCa.open(dataDir, clock);
      Files.delete(file("ca-key.pem"));

      assertThatThrownBy(() -> LocalCa.open(dataDir, clock))
          .isInstanceOf(CryptoSetupException.class)
          .hasMessageContaining("ca-key.pem");
    }
  }

  @Nested
  class ServerCertificate {

    @Test
    void hasTheExtensionsThatClientsWant() throws Exception {
      List<X509Certificate> chain = LocalCa.open(dataDir, clock).identity(EXTRA).chain();
      X509Certificate server = chain.get(0);
      X509Certificate ca = chain.get(1);

      assertThat(server.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
      assertThat(server.getBasicConstraints()).isEqualTo(-1);
      assertThat(server.getExtensionValue("2.5.29.35")).isNotNull();
      assertThat(Duration.between(start(server), end(server))).isEqualTo(Duration.ofDays(397));
      assertThat(ca.getBasicConstraints()).isZero();
      assertThat(ca.getKeyUsage()[5]).isTrue();
      assertThat(ca.getExtensionValue("2.5.29.14")).isNotNull();
      assertThat(Duration.between(start(ca), end(ca))).isEqualTo(Duration.ofDays(3_652));
      server.verify(ca.getPublicKey());
    }

    @Test
    void isIssuedAnewBySameAuthorityWhenNamesChange() {
      var before = LocalCa.open(dataDir, clock).identity(EXTRA).chain();
      var after = LocalCa.open(dataDir, clock).identity(List.of("postern.test")).chain();

      assertThat(after.get(0)).isNotEqualTo(before.get(0));
      assertThat(after.get(1)).isEqualTo(before.get(1));
    }

    @Test
    void isIssuedAnewOnlyWhenLessThan30DaysRemain() {
      LocalCa ca = LocalCa.open(dataDir, clock);
      ServerIdentity first = ca.identity(EXTRA);

      now = first.expiresAt().minus(Duration.ofDays(30));
      assertThat(ca.identity(EXTRA).certificate()).isEqualTo(first.certificate());
      now = now.plusSeconds(1);
      ServerIdentity second = ca.identity(EXTRA);

      assertThat(second.certificate()).isNotEqualTo(first.certificate());
      assertThat(second.chain().getLast()).isEqualTo(first.chain().getLast());
    }

    @ParameterizedTest
    @ValueSource(strings = {"server.pem", "server-key.pem"})
    void isIssuedAnewWhenAFileIsDamaged(String name) throws Exception {
      LocalCa ca = LocalCa.open(dataDir, clock);
      ca.identity(EXTRA);
      Files.writeString(file(name), "half");

      try (var server = new LoopbackTlsServer(ca.identity(EXTRA))) {
        assertThat(TlsClient.trusting(ca).handshake(server.port(), "localhost")).isNotEmpty();
      }
    }

    @Test
    void isIssuedAnewWhenItsKeyIsAnothers(@TempDir Path other) throws IOException {
      LocalCa ca = LocalCa.open(dataDir, clock);
      ServerIdentity first = ca.identity(EXTRA);
      LocalCa.open(other, clock).identity(EXTRA);
      Files.copy(other.resolve("tls/ca-key.pem"), file("moved"));
      Files.move(file("moved"), file("server-key.pem"), StandardCopyOption.REPLACE_EXISTING);

      assertThat(ca.identity(EXTRA).certificate()).isNotEqualTo(first.certificate());
    }
  }

  @Test
  void renewsAnEndingAuthorityUnderTheSameKeySoThatOldTrustHolds() throws Exception {
    LocalCa first = LocalCa.open(dataDir, clock);
    X509Certificate old = first.identity(EXTRA).chain().getLast();
    TlsClient oldClient = TlsClient.trusting(first);

    now = end(old).minus(Duration.ofDays(29));
    X509Certificate renewed = LocalCa.open(dataDir, clock).identity(EXTRA).chain().getLast();

    assertThat(renewed).isNotEqualTo(old);
    assertThat(renewed.getPublicKey()).isEqualTo(old.getPublicKey());
    assertThat(renewed.getSubjectX500Principal()).isEqualTo(old.getSubjectX500Principal());

    // Back in the present, where the JDK's own clock lets the certificates be valid.
    now = Instant.now();
    LocalCa present = LocalCa.open(dataDir, clock);
    try (var server = new LoopbackTlsServer(present.identity(EXTRA))) {
      assertThat(oldClient.handshake(server.port(), "localhost")).isNotEmpty();
    }
  }

  private Path file(String name) {
    return dataDir.resolve("tls").resolve(name);
  }

  private static Instant start(X509Certificate certificate) {
    return certificate.getNotBefore().toInstant();
  }

  private static Instant end(X509Certificate certificate) {
    return certificate.getNotAfter().toInstant();
  }
}
