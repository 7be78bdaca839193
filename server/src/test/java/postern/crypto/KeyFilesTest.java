package postern.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.crypto.KeyFiles.Access;

final class KeyFilesTest {

  @TempDir Path folder;

  @Test
  void writesWithTheModeAsked() throws IOException {
    Path secret = folder.resolve("secret");
    Path open = folder.resolve("open");

    KeyFiles.write(secret, new byte[] {1}, Access.OWNER_ONLY);
    KeyFiles.write(open, new byte[] {2}, Access.EVERYBODY);

    assertThat(mode(secret)).isEqualTo("rw-------");
    assertThat(mode(open)).isEqualTo("rw-r--r--");
  }

  @Test
  void replacesAFileAndWhatACrashLeftBesideIt() throws IOException {
    Path file = folder.resolve("key");
    Files.write(file, new byte[] {1, 1, 1});
    Files.write(folder.resolve("key.tmp"), new byte[] {9});

    KeyFiles.write(file, new byte[] {2}, Access.OWNER_ONLY);

    assertThat(KeyFiles.read(file)).containsExactly(2);
    assertThat(mode(file)).isEqualTo("rw-------");
    assertThat(folder.resolve("key.tmp")).doesNotExist();
  }

  @Test
  void saysWhichFileIsMissing() {
    Path file = folder.resolve("absent");
    assertThatThrownBy(() -> KeyFiles.read(file))
        .isInstanceOf(CryptoSetupException.class)
        .hasMessage(file + " cannot be read: it or its folder does not exist");
  }

  @Test
  void refusesAFileBeyondTheLimit() throws IOException {
    Path file = Files.write(folder.resolve("large"), new byte[1_000_001]);
    assertThatThrownBy(() -> KeyFiles.read(file))
        .isInstanceOf(CryptoSetupException.class)
        .hasMessageContaining("larger than 1000000 bytes");
  }

  static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
