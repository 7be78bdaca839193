package postern.keys;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Optional;
import postern.crypto.Digests;

/** The SHA-256 of a key's text: what the key is looked up by. Not a secret, cheap to compare. */
record KeyDigest(long a, long b, long c, long d) {
  private static final VarHandle BIG_ENDIAN =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  static KeyDigest of(KeyText key) {
    return Digests.sha256(key.bytes(), KeyDigest::of);
  }

  static KeyDigest of(byte[] sha256) {
    return new KeyDigest(
        longAt(sha256, 0), longAt(sha256, 8), longAt(sha256, 16), longAt(sha256, 24));
  }

  private static long longAt(byte[] bytes, int index) {
    return (long) BIG_ENDIAN.get(bytes, index);
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
