package postern.crypto;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;

/** A server's private key with the certificate chain that it presents. Immutable. */
public final class ServerIdentity {

  /** The protocol versions that a server should speak, and no other. */
  public static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

  private final PrivateKey privateKey;
  private final List<X509Certificate> chain;

  ServerIdentity(PrivateKey privateKey, List<X509Certificate> chain) {
    this.privateKey = privateKey;
    this.chain = List.copyOf(chain);
  }

  /**
   * The identity in two PEM files: the certificate followed by its chain, and its private key in
   * PKCS#8, PKCS#1 or SEC1 form without a password.
   *
   * @throws CryptoSetupException when a file cannot be read, the key does not belong to the first
   *     certificate, or that certificate is expired or not valid yet
   */
  public static ServerIdentity fromPem(Path certificate, Path key, InstantSource clock) {
    ServerIdentity identity = read(certificate, key);
    identity.checkValidAt(clock.instant(), certificate);
    return identity;
  }

  static ServerIdentity read(Path certificate, Path key) {
    List<X509Certificate> chain = Pem.certificates(certificate);
    return new ServerIdentity(Pem.privateKey(key, chain.getFirst().getPublicKey()), chain);
  }

  public PrivateKey privateKey() {
    return privateKey;
  }

  /** The server's certificate first, each next one its issuer's. */
  public List<X509Certificate> chain() {
    return chain;
  }

  /** The server's own certificate. */
  public X509Certificate certificate() {
    return chain.getFirst();
  }

  /** When the server's certificate ends. */
  public Instant expiresAt() {
    return certificate().getNotAfter().toInstant();
  }

  /** A key manager that knows this identity alone. */
  public X509ExtendedKeyManager keyManager() {
    return new SingleKeyManager(privateKey, chain);
  }

  /**
   * A context for server sockets and engines, which asks for no client certificate and trusts none.
   * Combine it with {@link #serverParameters}: a context alone cannot fix the protocol versions.
   */
  public SSLContext serverContext() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      // No trust managers at all, since null would make the JDK read its whole trust store.
      context.init(new X509ExtendedKeyManager[] {keyManager()}, new TrustManager[0], null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java platform cannot speak TLS", e);
    }
  }

  /** Parameters for server sockets and engines: TLS 1.3 and 1.2 only, the server's cipher order. */
  public SSLParameters serverParameters() {
    var parameters = new SSLParameters();
    parameters.setProtocols(PROTOCOLS.toArray(new String[0]));
    parameters.setUseCipherSuitesOrder(true);
    return parameters;
  }

  private void checkValidAt(Instant now, Path file) {
    Instant start = certificate().getNotBefore().toInstant();
    if (now.isAfter(expiresAt())) {
      throw new CryptoSetupException(file + " holds a certificate that expired at " + expiresAt());
    }
    if (now.isBefore(start)) {
      throw new CryptoSetupException(file + " holds a certificate that starts only at " + start);
    }
  }

  /** Never the key. */
  @Override
  public String toString() {
    return "ServerIdentity["
        + certificate().getSubjectX500Principal()
        + " until "
        + expiresAt()
        + "]";
  }
}
