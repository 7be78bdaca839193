package postern.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import postern.core.Credential;
import postern.core.Ids;
import postern.core.KeyId;
import postern.core.Mode;
import postern.core.Origin;
import postern.core.Principal;
import postern.core.UserId;
import postern.journal.Change;
import postern.journal.ChangeLog;
import postern.sql.Database;
import postern.sql.Migrations;
import postern.sql.PostgresAddress;
import postern.sql.Tx;
import postern.testing.TestPostgres;

/** The feed under writers that commit in another order than they write in. */
@Tag("storage")
class FeedOrderTest {
  private static final int WRITERS = 16;
  private static final int EVENTS_PER_WRITER = 40;
  private static final int DELAY_MS_MAX = 25;

  /** Longer than it takes until searches do not begin with the first row any more. */
  private static final int SLOW_MS = 4_000;

  private final long seed = System.nanoTime();
  private final UserId user = new UserId(new UUID(seed, 1));
  private final Principal caller =
      new Principal(user, user, new Credential.Key(new KeyId(new UUID(seed, 2))), Mode.PRODUCTION);

  @Test
  void skipsNothingRepeatsNothingAndIsTheSameForTwoReaders() throws Exception {
    PostgresAddress address = TestPostgres.freshDatabase();
    Migrations.apply(address, text -> {});
    Database.Settings settings =
        new Database.Settings(WRITERS + 6, Duration.ofSeconds(10), Duration.ofSeconds(10));
    try (Database database = Database.open(address, settings, InstantSource.system());
        EventNumbering numbering = new EventNumbering(database, List.of());
        EventNumbering ofAnotherServer = new EventNumbering(database, List.of());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      numbering.start();
      ofAnotherServer.start();
      EventJournal journal = new EventJournal(new Ids(new Random(seed)), numbering);
      Future<List<String>> one =
          threads.submit(
              () -> readAll(new EventFeed(database, numbering), WRITERS * EVENTS_PER_WRITER));
      Future<List<String>> other =
          threads.submit(
              () -> readAll(new EventFeed(database, ofAnotherServer), WRITERS * EVENTS_PER_WRITER));
      List<Future<?>> writers = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        String name = "w" + writer;
        SplittableRandom random = new SplittableRandom(seed + writer);
        writers.add(threads.submit(() -> write(database, journal, name, random)));
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
      assertThat(one.get()).as("seed " + seed).isEqualTo(other.get());
      assertThat(one.get()).doesNotHaveDuplicates();
      for (int writer = 0; writer < WRITERS; writer++) {
        String of = "{\"id\":\"w" + writer + "-";
        assertThat(one.get().stream().filter(event -> event.startsWith(of)))
            .as("seed " + seed)
            .containsExactlyElementsOf(written(writer));
      }
    }
  }

  @Test
  void whatASlowTransactionWroteStandsBeforeWhatItsWriterWroteNext() throws Exception {
    PostgresAddress address = TestPostgres.freshDatabase();
    Migrations.apply(address, text -> {});
    Database.Settings settings =
        new Database.Settings(6, Duration.ofSeconds(20), Duration.ofSeconds(20));
    try (Database database = Database.open(address, settings, InstantSource.system());
        EventNumbering numbering = new EventNumbering(database, List.of());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      numbering.start();
      EventJournal journal = new EventJournal(new Ids(new Random(seed)), numbering);
      Future<?> slow =
          threads.submit(
              () -> {
                database.write(
                    tx -> {
                      append(journal, tx, "slow-0");
                      // With it goes what waits to be sent: the event has its number from here on.
                      tx.one("select true", row -> true);
                      sleep(SLOW_MS);
                      return true;
                    });
                write(database, journal, "slow-1");
              });
      int quick = 0;
      while (!slow.isDone()) {
        write(database, journal, "quick-" + quick++);
        sleep(DELAY_MS_MAX);
      }
      slow.get();
      List<String> seen = readAll(new EventFeed(database, numbering), quick + 2);
      assertThat(seen).doesNotHaveDuplicates().hasSize(quick + 2);
      assertThat(seen.stream().filter(event -> event.contains("slow")))
          .containsExactly("{\"id\":\"slow-0\"}", "{\"id\":\"slow-1\"}");
    }
  }

  private static List<String> written(int writer) {
    List<String> written = new ArrayList<>();
    for (int i = 0; i < EVENTS_PER_WRITER; i++) {
      written.add("{\"id\":\"w" + writer + "-" + i + "\"}");
    }
    return written;
  }

  private void write(
      Database database, EventJournal journal, String name, SplittableRandom random) {
    for (int i = 0; i < EVENTS_PER_WRITER; i++) {
      String id = name + "-" + i;
      database.write(
          tx -> {
            append(journal, tx, id);
            sleep(random.nextInt(DELAY_MS_MAX));
            return id;
          });
    }
  }

  private void write(Database database, EventJournal journal, String id) {
    database.write(
        tx -> {
          append(journal, tx, id);
          return id;
        });
  }

  private void append(EventJournal journal, Tx tx, String id) {
    journal.append(
        tx,
        List.of(
            new ChangeLog.Entry(
                user,
                Origin.SYSTEM,
                new Change("user.updated", user, id, "", Map.of(), Map.of("id", id)))));
  }

  private static void sleep(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<String> readAll(EventFeed feed, int events) {
    List<String> seen = new ArrayList<>();
    long cursor = 0;
    while (seen.size() < events) {
      EventFeed.Part page = feed.after(caller, cursor, 7, Duration.ofSeconds(20));
      assertThat(page.events()).as("events within 20 s, seed " + seed).isNotEmpty();
      page.events().forEach(event -> seen.add(event.result()));
      cursor = page.cursor();
    }
    assertThat(feed.after(caller, cursor, 7, Duration.ZERO).events()).isEmpty();
    return seen;
  }
}
