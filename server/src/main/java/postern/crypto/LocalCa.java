package postern.crypto;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import postern.crypto.KeyFiles.Access;

/**
 * A certificate authority of this installation, kept in the folder {@code tls} and made on first
 * use, with the server certificate that it issues. All keys are ECDSA P-256. Thread-safe; a second
 * process waits for the first.
 */
public final class LocalCa {

  // What ends sooner is made anew, so that a server may run for a month between two starts.
  private static final Duration REMAINING_MIN = Duration.ofDays(30);

  private final Path folder;
  private final InstantSource clock;
  private final Authority authority;

  private record Authority(X509Certificate certificate, PrivateKey key) {}

  private LocalCa(Path folder, InstantSource clock, Authority authority) {
    this.folder = folder;
    this.clock = clock;
    this.authority = authority;
  }

  /**
   * Opens the authority in {@code dataDir/tls}, or makes it there when {@code ca.pem} does not
   * exist. An authority with less than 30 days left gets a new certificate for the same name and
   * key: whoever trusts the old one goes on doing so until it ends.
   *
   * @throws CryptoSetupException when the files exist and are damaged or not accessible
   */
  public static LocalCa open(Path dataDir, InstantSource clock) {
    Path folder = dataDir.resolve("tls");
    KeyFiles.createFolder(folder);
    Authority authority =
        KeyFiles.locked(lockFile(folder), () -> readOrMake(folder, clock.instant()));
    return new LocalCa(folder, clock, authority);
  }

  /**
   * The server's key and certificate for localhost, 127.0.0.1, ::1 and the {@code extraNames}: the
   * ones on disk, or new ones when those have less than 30 days left, are damaged or have other
   * names.
   *
   * @param extraNames DNS names, also such as {@code *.example.com}, and IP addresses; 100 at most
   * @throws CryptoSetupException when a name cannot stand in a certificate, or a file cannot be
   *     written
   */
  public ServerIdentity identity(Collection<String> extraNames) {
    SubjectNames names = SubjectNames.localAnd(extraNames);
    Instant now = clock.instant();
    return KeyFiles.locked(
        lockFile(folder), () -> readServer(names, now).orElseGet(() -> issueServer(names, now)));
  }

  /** The authority's certificate, for clients to trust; everybody may read it. */
  public Path caPem() {
    return caPem(folder);
  }

  /** A PKCS#12 trust store that holds the authority's certificate alone. */
  public Path trustStore() {
    return trustStore(folder).file();
  }

  /** The file with the trust store's password; only its owner may read it. */
  public Path trustStorePasswordFile() {
    return trustStore(folder).passwordFile();
  }

  /** The trust store's password. It protects no secret, since the store holds no key. */
  public String trustStorePassword() {
    return trustStore(folder).password();
  }

  private static Authority readOrMake(Path folder, Instant now) {
    if (!KeyFiles.exists(caPem(folder))) {
      // A key without certificate is left of a first start that was cut off: nobody trusts it yet.
      return make(folder, new CertificateIssuer().newKeyPair(), now);
    }
    Authority found = read(folder);
    if (!lastsFrom(found.certificate(), now)) {
      return make(folder, new KeyPair(found.certificate().getPublicKey(), found.key()), now);
    }
    if (!trustStore(folder).exists()) {
      trustStore(folder).write(found.certificate());
    }
    return found;
  }

  private static Authority read(Path folder) {
    try {
      X509Certificate certificate = Pem.certificates(caPem(folder)).getFirst();
      return new Authority(certificate, Pem.privateKey(caKey(folder), certificate.getPublicKey()));
    } catch (CryptoSetupException e) {
      throw new CryptoSetupException(
          e.getMessage()
              + ". Restore the local certificate authority from a backup, or delete "
              + folder
              + " to have a new one made, which clients must then trust anew",
          e);
    }
  }

  private static Authority make(Path folder, KeyPair keys, Instant now) {
    X509Certificate certificate = new CertificateIssuer().authority(keys, now);
    KeyFiles.write(caKey(folder), Pem.of(keys.getPrivate()), Access.OWNER_ONLY);
    trustStore(folder).write(certificate);
    // The last one: its presence means that everything above is there.
    KeyFiles.write(caPem(folder), Pem.of(List.of(certificate)), Access.EVERYBODY);
    return new Authority(certificate, keys.getPrivate());
  }

  private Optional<ServerIdentity> readServer(SubjectNames names, Instant now) {
    if (!KeyFiles.exists(serverPem()) || !KeyFiles.exists(serverKey())) {
      return Optional.empty();
    }
    try {
      ServerIdentity found = ServerIdentity.read(serverPem(), serverKey());
      X509Certificate certificate = found.certificate();
      certificate.verify(authority.certificate().getPublicKey());
      boolean current =
          lastsFrom(certificate, now)
              && found.chain().getLast().equals(authority.certificate())
              && SubjectNames.of(certificate).equals(names);
      return current ? Optional.of(found) : Optional.empty();
    } catch (CryptoSetupException | GeneralSecurityException _) {
      // Damaged or another authority's: a new one is as good, and clients trust the authority.
      return Optional.empty();
    }
  }

  private ServerIdentity issueServer(SubjectNames names, Instant now) {
    var issuer = new CertificateIssuer();
    KeyPair keys = issuer.newKeyPair();
    X509Certificate certificate =
        issuer.server(authority.certificate(), authority.key(), keys.getPublic(), names, now);
    var identity =
        new ServerIdentity(keys.getPrivate(), List.of(certificate, authority.certificate()));
    KeyFiles.write(serverKey(), Pem.of(keys.getPrivate()), Access.OWNER_ONLY);
    KeyFiles.write(serverPem(), Pem.of(identity.chain()), Access.EVERYBODY);
    return identity;
  }

  private static boolean lastsFrom(X509Certificate certificate, Instant now) {
    return !now.isBefore(certificate.getNotBefore().toInstant())
        && !now.plus(REMAINING_MIN).isAfter(certificate.getNotAfter().toInstant());
  }

  private static Path lockFile(Path folder) {
    return folder.resolve("tls.lock");
  }

  private static Path caPem(Path folder) {
    return folder.resolve("ca.pem");
  }

  private static Path caKey(Path folder) {
    return folder.resolve("ca-key.pem");
  }

  private static TrustStore trustStore(Path folder) {
    return new TrustStore(folder.resolve("trust.p12"), folder.resolve("trust-password"));
  }

  private Path serverPem() {
    return folder.resolve("server.pem");
  }

  private Path serverKey() {
    return folder.resolve("server-key.pem");
  }
}
