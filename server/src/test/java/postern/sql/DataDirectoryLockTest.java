package postern.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataDirectoryLockTest {

  @TempDir Path directory;

  @Test
  void isHeldOnceAndNamesItsHolder() throws Exception {
    Path data = directory.resolve("new/data");
    try (DataDirectoryLock lock = DataDirectoryLock.take(data)) {
      assertThat(lock.directory()).isEqualTo(data.toRealPath());
      assertThatThrownBy(() -> DataDirectoryLock.take(data))
          .isInstanceOf(DataDirectoryLock.HeldException.class)
          .hasMessageContaining("is held by this process, id " + ProcessHandle.current().pid())
          .hasMessageContaining("--data-dir");
      assertThat(Files.readString(data.resolve("postern.lock")).strip())
          .isEqualTo("" + ProcessHandle.current().pid());
    }
    DataDirectoryLock.take(data).close();
  }

  @Test
  void staysHeldAgainstOtherProcessesAfterAnAttemptInThisOne() throws Exception {
    try (DataDirectoryLock lock = DataDirectoryLock.take(directory)) {
      assertThatThrownBy(() -> DataDirectoryLock.take(lock.directory()))
          .isInstanceOf(DataDirectoryLock.HeldException.class);
      try (ChildJvm other = ChildJvm.start(directory, directory, "")) {
        assertThat(other.firstLine())
            .contains("held by the process with id " + ProcessHandle.current().pid());
        assertThat(other.awaitExit()).isEqualTo(1);
      }
    }
  }

  @Test
  void saysWhatToDoWhereTheDirectoryCannotBeMade() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(() -> DataDirectoryLock.take(file.resolve("data")))
        .isInstanceOf(PostgresStartException.class)
        .hasMessageContaining("choose another with --data-dir");
  }
}
