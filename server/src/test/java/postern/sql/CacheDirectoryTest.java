package postern.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CacheDirectoryTest {
  @Test
  void theFirstPlaceThatIsNamedIsTaken() {
    assertThat(CacheDirectory.of(Map.of("XDG_CACHE_HOME", "/x", "HOME", "/h"), "/u"))
        .contains(Path.of("/x/postern"));
    assertThat(CacheDirectory.of(Map.of("CACHE_DIRECTORY", "/c/postern:/d", "HOME", "/h"), "/u"))
        .contains(Path.of("/c/postern"));
    assertThat(CacheDirectory.of(Map.of("HOME", "/h"), "/u"))
        .contains(Path.of("/h/.cache/postern"));
    assertThat(CacheDirectory.of(Map.of(), "/u")).contains(Path.of("/u/.cache/postern"));
  }

  @Test
  void aRelativePlaceOrNoneIsPassedOver() {
    assertThat(CacheDirectory.of(Map.of("XDG_CACHE_HOME", "x", "HOME", ""), "?")).isEmpty();
    assertThat(CacheDirectory.of(Map.of(), "")).isEmpty();
  }
}
