package postern.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.params.provider.ArgumentsSource;
import postern.fuzz.Corpus;

class ManifestsFuzzTest {
  @ArgumentsSource(Corpus.class)
  @FuzzTest(maxDuration = "30s")
  void parse(byte[] bytes) {
    Manifest manifest;
    try {
      manifest = Manifest.parse(bytes);
    } catch (BackupException refused) {
      return;
    }
    assertThat(Manifest.parse(manifest.toBytes())).isEqualTo(manifest);
  }
}
