package postern.main;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import postern.config.RefusedException;
import postern.sql.Migrations;
import postern.sql.PostgresAddress;
import postern.testing.TestPostgres;

/** A node whose keys are not those of the database does not start, and says how to join. */
class NodeKeysTest extends RouteTest {
  private static Path withCopiesOf(String... names) throws Exception {
    Path directory = TestServer.newDirectory();
    for (String name : names) {
      Files.copy(server().dataDir().resolve(name), directory.resolve(name));
    }
    return directory;
  }

  private static void assertRefused(Path directory, String file) {
    assertThatThrownBy(() -> TestServer.on(server().address, directory).close())
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining(directory.resolve(file) + " is not the key")
        .hasMessageContaining("copy keyset.json, signing-key");
  }

  @Test
  void allOfThemAreNeeded() throws Exception {
    server().account();
    assertRefused(withCopiesOf(), "keyset.json");
    assertRefused(withCopiesOf("signing-key"), "keyset.json");
    assertRefused(withCopiesOf("keyset.json"), "signing-key");
    TestServer.on(server().address, withCopiesOf("keyset.json", "signing-key")).close();
  }

  @Test
  void theyAreTakenFromWhatIsSealedInADatabaseFromBefore() throws Exception {
    server().account();
    assertThat(server().rows("delete from node_keys returning id")).hasSize(1);
    assertRefused(withCopiesOf(), "keyset.json");
    server().secondNode().close();
    assertThat(server().rows("select id from node_keys")).hasSize(1);
  }

  @Test
  void ofTwoThatComeFirstAtTheSameTimeOneDecides() throws Exception {
    PostgresAddress address = TestPostgres.freshDatabase();
    Migrations.apply(address, _ -> {});
    List<Future<Boolean>> starts = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 2; i++) {
        starts.add(threads.submit(() -> starts(address)));
      }
    }
    assertThat(starts).extracting(Future::get).containsExactlyInAnyOrder(true, false);
  }

  private static boolean starts(PostgresAddress address) {
    try {
      TestServer.on(address, TestServer.newDirectory()).close();
      return true;
    } catch (RefusedException e) {
      return false;
    }
  }
}
