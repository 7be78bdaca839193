package postern.main;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import postern.config.RefusedException;
import postern.crypto.Sealer;
import postern.crypto.Signer;
import postern.crypto.UnsealException;
import postern.keys.ResealKeys;
import postern.sql.Database;
import postern.sql.Tx;

/**
 * Keeps a node from a database whose secrets it cannot open or whose audit log it cannot sign: its
 * keys must be those of the first node that was started on it.
 */
final class NodeKeys {
  private static final byte[] TEXT = "postern node".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] PURPOSE = "node_keys".getBytes(StandardCharsets.US_ASCII);

  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Made(byte[] sealed, byte[] signature) {}

  private NodeKeys() {}

  /**
   * Compares the keys in a data directory with those of the database; the first node to come
   * decides, in one transaction. A database from before knows no keys: its API keys must open.
   *
   * @throws RefusedException if they differ, saying how to join
   */
  static void require(Database database, Sealer sealer, Signer signer, Path dataDir) {
    ResealKeys stored = new ResealKeys(database, sealer);
    Optional<Made> made =
        database.write(
            tx -> {
              Optional<Made> known = find(tx);
              if (known.isPresent() || !stored.canOpen(tx)) {
                return known;
              }
              tx.execute(
                  "insert into node_keys (id, sealed, signature) values (1, ?, ?)"
                      + " on conflict do nothing",
                  sealer.seal(TEXT, PURPOSE),
                  signer.sign(TEXT));
              return find(tx);
            });
    if (made.isEmpty() || !opens(sealer, made.get())) {
      throw refused("keyset.json", "seals the secrets in", dataDir);
    }
    if (!signer.verifies(TEXT, made.get().signature())) {
      throw refused("signing-key", "signs the audit log of", dataDir);
    }
  }

  private static Optional<Made> find(Tx tx) {
    return tx.one(
        "select sealed, signature from node_keys where id = 1",
        row -> new Made(row.bytes("sealed"), row.bytes("signature")));
  }

  private static boolean opens(Sealer sealer, Made made) {
    try {
      sealer.open(made.sealed(), PURPOSE);
      return true;
    } catch (UnsealException e) {
      return false;
    }
  }

  private static RefusedException refused(String file, String does, Path dataDir) {
    return new RefusedException(
        dataDir.resolve(file)
            + " is not the key that "
            + does
            + " this database. To join as another node, copy keyset.json, signing-key, tls/ca.pem"
            + " and tls/ca-key.pem from a node that runs into "
            + dataDir
            + "; docs/operations.md, \"Several nodes\", says how.");
  }
}
