package postern.audit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/**
 * How rows are chained: each hash covers the hash before it, the row's place and everything in the
 * row. SHA-256.
 */
final class Chain {
  /** What the first row of a family is chained to. */
  static final byte[] BEGINNING = new byte[32];

  private Chain() {}

  static byte[] hash(byte[] previous, long seq, AuditEntry entry) {
    MessageDigest digest = sha256();
    digest.update(previous);
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(seq).array());
    for (String part : parts(entry)) {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      // The length stands before each part, so that no two rows are written alike.
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
      digest.update(bytes);
    }
    return digest.digest();
  }

  private static List<String> parts(AuditEntry entry) {
    return List.of(
        entry.root().toString(),
        entry.id().toString(),
        Long.toString(entry.createdAt().toEpochMilli()),
        entry.actor().kind(),
        entry.actor().id(),
        entry.actor().user(),
        entry.actor().name(),
        entry.action(),
        entry.object().id(),
        entry.object().user(),
        entry.object().name(),
        entry.before(),
        entry.after(),
        entry.source().address(),
        entry.source().client(),
        entry.source().requestId(),
        entry.errorCode());
  }

  /** What a checkpoint signs. */
  static byte[] checkpoint(String root, long seq, byte[] hash) {
    byte[] family = root.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(family.length + Long.BYTES + hash.length)
        .put(family)
        .putLong(seq)
        .put(hash)
        .array();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
