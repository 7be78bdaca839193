package postern.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SealerTest {

  private static final byte[] PLAIN = "a secret".getBytes(UTF_8);
  private static final byte[] ROW = "row 1".getBytes(UTF_8);

  @TempDir Path folder;

  @Test
  void opensWhatItSealed() {
    Sealer sealer = Sealer.open(folder);

    byte[] sealed = sealer.seal(PLAIN, ROW);

    assertThat(sealer.open(sealed, ROW)).isEqualTo(PLAIN);
    assertThat(new String(sealed, UTF_8)).doesNotContain("secret");
    assertThat(sealer.seal(PLAIN, ROW)).isNotEqualTo(sealed);
    assertThat(Sealer.keyId(sealed)).isEqualTo(sealer.primaryKeyId());
  }

  @Test
  void refusesOtherAssociatedDataAndAlteredText() {
    Sealer sealer = Sealer.open(folder);
    byte[] sealed = sealer.seal(PLAIN, ROW);
    byte[] altered = sealed.clone();
    altered[altered.length - 1] ^= 1;

    assertThatThrownBy(() -> sealer.open(sealed, "row 2".getBytes(UTF_8)))
        .isInstanceOf(UnsealException.class);
    assertThatThrownBy(() -> sealer.open(altered, ROW)).isInstanceOf(UnsealException.class);
    assertThatThrownBy(() -> sealer.open(new byte[] {1, 2, 3}, ROW))
        .isInstanceOf(UnsealException.class);
    assertThatThrownBy(() -> sealer.open(PLAIN, ROW)).isInstanceOf(UnsealException.class);
  }

  @Nested
  class KeysetFile {

    @Test
    void isPrivateAndServesTheNextStart() throws IOException {
      byte[] sealed = Sealer.open(folder).seal(PLAIN, ROW);

      assertThat(KeyFilesTest.mode(folder.resolve("keyset.json"))).isEqualTo("rw-------");
      assertThat(Sealer.open(folder).open(sealed, ROW)).isEqualTo(PLAIN);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 60, 200})
    void stopsTheStartWhenHalfWritten(int bytes) throws IOException {
      Sealer.open(folder);
      Path file = folder.resolve("keyset.json");
      byte[] half = new byte[bytes];
      System.arraycopy(Files.readAllBytes(file), 0, half, 0, bytes);
      Files.write(file, half);

      assertThatThrownBy(() -> Sealer.open(folder))
          .isInstanceOf(CryptoSetupException.class)
          .hasNoCause()
          .hasMessageContaining(file.toString())
          .hasMessageContaining("restore it from a backup");
      assertThat(file).hasBinaryContent(half);
    }

    @Test
    void isNotReplacedWhenItIsADanglingLink() throws IOException {
      Files.createSymbolicLink(folder.resolve("keyset.json"), folder.resolve("unmounted"));

      assertThatThrownBy(() -> Sealer.open(folder)).isInstanceOf(CryptoSetupException.class);
      assertThat(folder.resolve("keyset.json")).isSymbolicLink();
    }

    @Test
    void isMadeOnceByManyFirstStarts() throws Exception {
      assertThat(inParallel(8, () -> Sealer.open(folder).primaryKeyId()).distinct()).hasSize(1);
    }
  }

  @Nested
  class Rotation {

    @Test
    void sealsUnderANewKeyAndStillOpensTheOld() {
      Sealer sealer = Sealer.open(folder);
      byte[] old = sealer.seal(PLAIN, ROW);

      int newKey = sealer.rotate();

      assertThat(newKey).isEqualTo(sealer.primaryKeyId()).isNotEqualTo(Sealer.keyId(old));
      assertThat(Sealer.keyId(sealer.seal(PLAIN, ROW))).isEqualTo(newKey);
      assertThat(sealer.open(old, ROW)).isEqualTo(PLAIN);
      assertThat(Sealer.open(folder).open(old, ROW)).isEqualTo(PLAIN);
    }

    @Test
    void byAnotherIsNoticedWhenItsTextArrives() {
      Sealer server = Sealer.open(folder);
      Sealer command = Sealer.open(folder);
      command.rotate();
      byte[] sealed = command.seal(PLAIN, ROW);

      assertThat(server.primaryKeyId()).isNotEqualTo(command.primaryKeyId());
      assertThat(server.open(sealed, ROW)).isEqualTo(PLAIN);
      assertThat(server.primaryKeyId()).isEqualTo(command.primaryKeyId());
    }

    @Test
    void byAnotherIsTakenOverByReload() {
      Sealer server = Sealer.open(folder);
      int newKey = Sealer.open(folder).rotate();

      server.reload();

      assertThat(server.primaryKeyId()).isEqualTo(newKey);
    }

    @Test
    void losesNoKeyWhenManyRotateAtOnce() throws Exception {
      Sealer.open(folder);

      List<byte[]> texts =
          inParallel(
                  8,
                  () -> {
                    Sealer sealer = Sealer.open(folder);
                    sealer.rotate();
                    return sealer.seal(PLAIN, ROW);
                  })
              .toList();

      Sealer sealer = Sealer.open(folder);
      assertThat(texts.stream().map(Sealer::keyId).distinct()).hasSize(8);
      assertThat(texts).allSatisfy(text -> assertThat(sealer.open(text, ROW)).isEqualTo(PLAIN));
    }
  }

  @Nested
  class BrokenUnderARunningServer {

    @Test
    void keepsTheKeysInMemory() throws IOException {
      Sealer sealer = Sealer.open(folder);
      byte[] sealed = sealer.seal(PLAIN, ROW);
      Files.writeString(folder.resolve("keyset.json"), "{");

      assertThatThrownBy(sealer::reload).isInstanceOf(CryptoSetupException.class);
      assertThatThrownBy(sealer::rotate).isInstanceOf(CryptoSetupException.class);
      assertThat(sealer.open(sealed, ROW)).isEqualTo(PLAIN);
    }

    @Test
    void readsTheFileAgainOnceItIsWhole() throws Exception {
      Sealer server = Sealer.open(folder);
      Sealer command = Sealer.open(folder);
      command.rotate();
      byte[] sealed = command.seal(PLAIN, ROW);
      Path file = folder.resolve("keyset.json");
      byte[] whole = Files.readAllBytes(file);
      Files.writeString(file, "{");
      assertThatThrownBy(() -> server.open(sealed, ROW)).isInstanceOf(UnsealException.class);

      Files.write(file, whole);

      assertThat(openWithin10s(server, sealed)).isEqualTo(PLAIN);
    }

    private byte[] openWithin10s(Sealer sealer, byte[] sealed) throws InterruptedException {
      for (int i = 0; i < 99; i++) {
        try {
          return sealer.open(sealed, ROW);
        } catch (UnsealException _) {
          Thread.sleep(100);
        }
      }
      return sealer.open(sealed, ROW);
    }
  }

  @Test
  void refusesTheTextOfAnotherKeyset(@TempDir Path other) {
    byte[] foreign = Sealer.open(other).seal(PLAIN, ROW);

    assertThatThrownBy(() -> Sealer.open(folder).open(foreign, ROW))
        .isInstanceOf(UnsealException.class)
        .hasMessageContaining("does not hold its key");
  }

  private static <T> Stream<T> inParallel(int times, Callable<T> task) throws Exception {
    List<T> results = new ArrayList<>();
    try (var executor = Executors.newFixedThreadPool(times)) {
      List<Callable<T>> tasks = Stream.generate(() -> task).limit(times).toList();
      for (Future<T> result : executor.invokeAll(tasks)) {
        results.add(result.get());
      }
    }
    return results.stream();
  }
}
