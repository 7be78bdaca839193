package postern.sql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/** The password of the embedded PostgreSQL, in a file that only its owner may read. */
final class PostgresPassword {

  private static final String FILE = "postgres-password";
  private static final int RANDOM_BYTES = 24;

  private PostgresPassword() {}

  static Path file(Path dataDir) {
    return dataDir.resolve(FILE);
  }

  static Optional<String> read(Path dataDir) throws IOException {
    try {
      return Optional.of(Files.readString(file(dataDir)).strip()).filter(text -> !text.isEmpty());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Reads the password or makes one. */
  static String readOrMake(Path dataDir) throws IOException {
    Optional<String> known = read(dataDir);
    if (known.isPresent()) {
      return known.get();
    }
    byte[] random = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(random);
    String password = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    // A temporary file has mode 0600 from its first moment.
    Path made = Files.createTempFile(dataDir, "." + FILE, "");
    Durably.write(made, password + "\n");
    Durably.move(made, dataDir, FILE);
    return password;
  }
}
