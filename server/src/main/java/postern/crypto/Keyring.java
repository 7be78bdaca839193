package postern.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.Configuration;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.AesGcmParameters;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HashSet;
import java.util.Set;

/** One version of a keyset file, read whole and ready to use. */
record Keyring(
    KeysetHandle keyset, Aead aead, Set<Integer> keyIds, int primaryKeyId, FileStamp stamp) {

  // Only Tink's AEADs, and without its global registry, which takes twice as long to fill.
  static final Configuration CONFIGURATION = AeadConfig2026.get();

  /** Reads {@code file}, or says in a sentence for the operator why it cannot be used. */
  static Keyring read(Path file) {
    // The stamp first: a file replaced in between is then read once more, never once too little.
    FileStamp stamp = FileStamp.of(file);
    String json = new String(KeyFiles.read(file), UTF_8);
    try {
      KeysetHandle keyset =
          TinkJsonProtoKeysetFormat.parseKeyset(json, CONFIGURATION, InsecureSecretKeyAccess.get());
      Aead aead = keyset.getPrimitive(CONFIGURATION, Aead.class);
      return new Keyring(keyset, aead, idsOf(keyset), keyset.getPrimary().getId(), stamp);
    } catch (GeneralSecurityException | RuntimeException _) {
      // No cause: a parser's message may quote the file, and the file holds keys.
      throw new CryptoSetupException(
          file
              + " is not a whole keyset of AES-GCM keys. It is the key to all sealed secrets:"
              + " restore it from a backup; no new one is made in its place");
    }
  }

  static byte[] serialize(KeysetHandle keyset) {
    try {
      return TinkJsonProtoKeysetFormat.serializeKeyset(
              keyset, CONFIGURATION, InsecureSecretKeyAccess.get())
          .getBytes(UTF_8);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The keyset could not be serialized", e);
    }
  }

  boolean holds(int keyId) {
    return keyIds.contains(keyId);
  }

  boolean isOf(FileStamp other) {
    return stamp.equals(other);
  }

  private static Set<Integer> idsOf(KeysetHandle keyset) throws GeneralSecurityException {
    Set<Integer> ids = new HashSet<>();
    for (int i = 0; i < keyset.size(); i++) {
      var entry = keyset.getAt(i);
      // Texts under keys of other kinds would not carry the key id that reloading depends on.
      if (!(entry.getKey() instanceof AesGcmKey key)
          || key.getParameters().getVariant() != AesGcmParameters.Variant.TINK) {
        throw new GeneralSecurityException("not an AES-GCM key with a key id");
      }
      if (entry.getStatus() == KeyStatus.ENABLED) {
        ids.add(entry.getId());
      }
    }
    return Set.copyOf(ids);
  }
}
