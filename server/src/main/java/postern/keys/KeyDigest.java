package postern.keys;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import postern.crypto.Digests;

/** The SHA-256 of a key's text: what the key is looked up by. Not a secret, cheap to compare. */
record KeyDigest(long a, long b, long c, long d) {
  static KeyDigest of(KeyText key) {
    return of(Digests.sha256(key.reveal()));
  }

  static KeyDigest of(byte[] sha256) {
    ByteBuffer bytes = ByteBuffer.wrap(sha256);
    return new KeyDigest(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
  }

  static Optional<KeyDigest> parseHex(String hex) {
    return hex.matches("[0-9a-f]{64}")
        ? Optional.of(of(HexFormat.of().parseHex(hex)))
        : Optional.empty();
  }

  byte[] bytes() {
    return ByteBuffer.allocate(32).putLong(a).putLong(b).putLong(c).putLong(d).array();
  }

  /** 64 lower-case hex digits. */
  String hex() {
    return HexFormat.of().formatHex(bytes());
  }
}
