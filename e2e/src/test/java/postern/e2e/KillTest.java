package postern.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** SIGKILL under eight writers: every write that was acknowledged is there afterwards. */
final class KillTest {
  private static final int CHILDREN_BEFORE_THE_KILL = 200;
  private static final int READY_WITHIN_SECONDS = 10;
  private static final int POSTGRES_OUTLIVES_SECONDS = 10;

  /**
   * By default requests wait for as long as PostgreSQL may need to be back, and none is refused.
   */
  private static final Map<String, String> IMPATIENT = Map.of("POSTERN_STORAGE_POOL_WAIT", "300ms");

  /** Who is killed. */
  enum Victim {
    SERVER,
    SERVER_AND_POSTGRES
  }

  @ParameterizedTest
  @EnumSource
  void theNextStartHasEveryAcknowledgedChild(Victim victim) throws Exception {
    DevServer killed = DevServer.start("kill-" + victim);
    Map<String, List<String>> acknowledged = killUnderLoad(killed, victim);
    long startedNanos = System.nanoTime();
    try (DevServer next = DevServer.startOn(killed.dataDir(), READY_WITHIN_SECONDS, Map.of())) {
      System.out.printf(
          "%s killed: %d children acknowledged, ready again after %d ms%n",
          victim, acknowledged.size(), (System.nanoTime() - startedNanos) / 1_000_000);
      for (String kept : List.of("user_id", "email", "password", "test_key", "production_key")) {
        assertThat(next.fact(kept)).as(kept).isEqualTo(killed.fact(kept));
      }
      assertThat(next.production().childKeys()).containsAllEntriesOf(acknowledged);
    }
  }

  private static Map<String, List<String>> killUnderLoad(DevServer server, Victim victim)
      throws Exception {
    ProcessHandle postmaster = server.postmaster();
    List<ProcessHandle> postgres = withDescendants(postmaster);
    try (Writers writers = Writers.careless(server.production())) {
      writers.awaitMore(CHILDREN_BEFORE_THE_KILL, 30);
      server.process().kill();
      if (victim == Victim.SERVER_AND_POSTGRES) {
        postmaster.destroyForcibly();
      }
      server.process().exitCode();
      Waiting.until(
          "PostgreSQL ends after its killed server",
          POSTGRES_OUTLIVES_SECONDS,
          () -> postgres.stream().noneMatch(ProcessHandle::isAlive));
      writers.stop();
      return writers.acknowledged();
    }
  }

  @Test
  void aKilledPostgresIsStartedAgainAndRequestsMeanwhileGet503() throws Exception {
    try (DevServer server = DevServer.start("kill-POSTGRES", IMPATIENT)) {
      ProcessHandle first = server.postmaster();
      try (Writers writers = Writers.careless(server.production())) {
        writers.awaitMore(CHILDREN_BEFORE_THE_KILL, 30);
        first.destroyForcibly();
        // Nobody can know how long it stays away: later ones must be refused or served.
        Waiting.until("PostgreSQL ends", 10, () -> !first.isAlive());
        int refusedBefore = writers.refused().size();
        writers.awaitMore(CHILDREN_BEFORE_THE_KILL, 30);
        writers.stop();
        assertThat(writers.refused())
            .as("answers other than 201")
            .hasSizeGreaterThan(refusedBefore)
            .allSatisfy(
                reply -> {
                  assertThat(reply.status()).as(reply.body()).isEqualTo(503);
                  assertThat(reply.text("error.code")).isEqualTo("SERVICE_UNAVAILABLE");
                  assertThat(reply.retryAfter()).matches("[1-9][0-9]*");
                });
        assertThat(writers.cutOff()).as("requests without an answer").isZero();
        assertThat(server.production().childKeys()).containsAllEntriesOf(writers.acknowledged());
      }
      assertThat(server.process().isAlive()).isTrue();
      assertThat(server.postmaster().pid()).isNotEqualTo(first.pid());
    }
  }

  private static List<ProcessHandle> withDescendants(ProcessHandle postmaster) {
    return Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
  }
}
