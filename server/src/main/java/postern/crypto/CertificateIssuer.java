package postern.crypto;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Makes keys and certificates. The only class here that needs Bouncy Castle's certificate code, so
 * that a start which issues nothing does not load it.
 */
final class CertificateIssuer {

  private static final Duration AUTHORITY_LIFETIME = Duration.ofDays(3_652);
  // Clients refuse server certificates that live longer than 398 days.
  private static final Duration SERVER_LIFETIME = Duration.ofDays(397);
  // A client whose clock is a little behind shall accept a new certificate at once.
  private static final Duration CLOCK_SKEW = Duration.ofHours(1);
  private static final int SERIAL_BITS = 127;
  private static final int NAME_SUFFIX_BYTES = 4;

  private final SecureRandom random = new SecureRandom();

  KeyPair newKeyPair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java platform lacks the curve P-256", e);
    }
  }

  /** A self-signed authority of ten years, which may sign server certificates only. */
  X509Certificate authority(KeyPair keys, Instant now) {
    X500Name name = authorityName(keys.getPublic());
    Instant start = now.minus(CLOCK_SKEW);
    var builder = builder(name, start, start.plus(AUTHORITY_LIFETIME), name, keys.getPublic());
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
      return sign(builder, keys.getPrivate());
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("The certificate authority could not be made", e);
    }
  }

  /** A certificate of 397 days for {@code names}, signed by the authority. */
  X509Certificate server(
      X509Certificate authority,
      PrivateKey authorityKey,
      PublicKey serverKey,
      SubjectNames names,
      Instant now) {
    X500Name issuer = X500Name.getInstance(authority.getSubjectX500Principal().getEncoded());
    X500Name subject = new X500NameBuilder().addRDN(BCStyle.CN, "localhost").build();
    Instant start = now.minus(CLOCK_SKEW);
    var builder = builder(issuer, start, start.plus(SERVER_LIFETIME), subject, serverKey);
    try {
      var extensions = new JcaX509ExtensionUtils();
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(
          Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
      builder.addExtension(
          Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(serverKey));
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          extensions.createAuthorityKeyIdentifier(authority.getPublicKey()));
      builder.addExtension(Extension.subjectAlternativeName, false, alternatives(names));
      return sign(builder, authorityKey);
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("The server certificate could not be made", e);
    }
  }

  private X509v3CertificateBuilder builder(
      X500Name issuer, Instant start, Instant end, X500Name subject, PublicKey key) {
    // The top bit is set: a serial number must be positive and not zero.
    BigInteger serial = new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS - 1);
    return new JcaX509v3CertificateBuilder(
        issuer, serial, Date.from(start), Date.from(end), subject, key);
  }

  private X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
      throws OperatorCreationException, GeneralSecurityException, IOException {
    var signer = new JcaContentSignerBuilder("SHA256withECDSA").setSecureRandom(random).build(key);
    return Pem.certificate(builder.build(signer).getEncoded());
  }

  // Named after its key, so that the authorities of two installations differ in a trust store.
  private static X500Name authorityName(PublicKey key) {
    byte[] digest = Digests.sha256(key.getEncoded());
    String suffix = HexFormat.of().formatHex(digest, 0, NAME_SUFFIX_BYTES);
    return new X500NameBuilder()
        .addRDN(BCStyle.O, "Postern")
        .addRDN(BCStyle.CN, "Postern local CA " + suffix)
        .build();
  }

  private static GeneralNames alternatives(SubjectNames names) {
    return new GeneralNames(
        Stream.concat(
                names.dnsNames().stream().map(name -> new GeneralName(GeneralName.dNSName, name)),
                names.addresses().stream().map(CertificateIssuer::address))
            .toArray(GeneralName[]::new));
  }

  private static GeneralName address(String canonical) {
    byte[] bytes = InetAddress.ofLiteral(canonical).getAddress();
    return new GeneralName(GeneralName.iPAddress, new DEROctetString(bytes));
  }
}
