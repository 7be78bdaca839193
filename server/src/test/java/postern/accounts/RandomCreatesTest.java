package postern.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import postern.core.UserId;
import postern.main.RouteTest;
import postern.main.TestClient.Reply;
import postern.main.TestServer.Account;

/**
 * Many threads create children of several families at once; some want the same addresses and
 * numbers, some ask for what cannot be. Afterwards what each was answered is what is stored. {@code
 * -Dpostern.test.seed=N} repeats the choices of a run.
 */
class RandomCreatesTest extends RouteTest {
  private static final long SEED = Long.getLong("postern.test.seed", System.nanoTime());
  private static final int THREADS = 32;
  private static final int CREATES_PER_THREAD = 20;
  private static final int FAMILIES = 4;
  private static final int CONTACTS = 60;

  /** What was asked for: by whom, and what only one user of the server may have. */
  private record Asked(Account parent, String name, List<String> contacts, Reply reply) {
    boolean isDone() {
      return reply.status() == 201;
    }

    String requestId() {
      return reply.header("X-Ep-Request-Uuid");
    }

    /** What it wanted, with the family in which that has one owner. */
    Stream<String> wanted() {
      return contacts.stream().map(contact -> uuid(parent.id()) + " " + contact);
    }
  }

  private final List<Account> parents = new ArrayList<>();

  @Test
  void whatIsStoredIsWhatWasAnswered() throws Exception {
    System.out.println("seed " + SEED);
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < FAMILIES; i++) {
      parents.add(server().account());
    }
    List<Asked> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<Asked>>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        SplittableRandom own = random.split();
        int number = i;
        running.add(threads.submit(() -> createSome(own, number)));
      }
      for (Future<List<Asked>> one : running) {
        all.addAll(one.get());
      }
    }
    List<Asked> done = all.stream().filter(Asked::isDone).toList();
    List<Asked> refused = all.stream().filter(asked -> !asked.isDone()).toList();
    assertThat(done).as("seed " + SEED).hasSizeGreaterThan(THREADS);
    assertThat(refused).as("seed " + SEED).hasSizeGreaterThan(THREADS);
    assertStored(done);
    assertLeftNothing(refused);
    assertEachContactHasOneOwnerInItsFamily(all);
    assertWrittenTogether(done.size());
    done.stream().limit(FAMILIES).forEach(RandomCreatesTest::assertKeysWork);
    server().chainAudit();
    for (Account parent : parents) {
      assertThat(server().verifyAudit(UserId.parse(parent.id()).orElseThrow()).flaws()).isEmpty();
    }
  }

  private List<Asked> createSome(SplittableRandom random, int thread) {
    List<Asked> asked = new ArrayList<>();
    for (int i = 0; i < CREATES_PER_THREAD; i++) {
      Account parent = parents.get(random.nextInt(FAMILIES));
      String name = "Child " + thread + "-" + i;
      asked.add(
          switch (random.nextInt(10)) {
            case 0 -> invalid(parent, "{\"name\":\"" + "n".repeat(256) + "\"}");
            case 1 -> invalid(parent, "{\"name\":\"x\",\"email\":\"no address\"}");
            case 2 -> create(parent, name, contacts(random, 1), "");
            case 3 -> create(parent, name, contacts(random, 2), "");
            case 4 -> create(parent, name, contacts(random, 3), "once-" + thread + "-" + i);
            case 5 -> twice(parent, name, contacts(random, random.nextInt(4)), thread + "-" + i);
            default -> create(parent, name, List.of(), "");
          });
    }
    return asked;
  }

  /** An address, a number or both, of those that others want too. */
  private static List<String> contacts(SplittableRandom random, int which) {
    List<String> contacts = new ArrayList<>();
    if ((which & 1) != 0) {
      contacts.add("kid" + random.nextInt(CONTACTS) + "@example.com");
    }
    if ((which & 2) != 0) {
      contacts.add("+1555010" + (1_000 + random.nextInt(CONTACTS)));
    }
    return contacts;
  }

  private static Asked invalid(Account parent, String body) {
    Reply reply = as(parent).post("/v2/users", body);
    assertRefused(reply, 422, "PARAMETER.INVALID");
    return new Asked(parent, "", List.of(), reply);
  }

  private static Asked create(Account parent, String name, List<String> contacts, String once) {
    StringBuilder body = new StringBuilder("{\"user\":{\"name\":\"" + name + "\"");
    for (String contact : contacts) {
      String spelled = name.endsWith("1") ? contact.toUpperCase(Locale.ROOT) : contact;
      String field = contact.contains("@") ? "email" : "phone_number";
      body.append(",\"").append(field).append("\":\"").append(spelled).append('"');
    }
    Map<String, String> headers = once.isEmpty() ? Map.of() : Map.of("Idempotency-Key", once);
    Reply reply = as(parent).send("POST", "/v2/users", "application/json", body + "}}", headers);
    if (reply.status() != 201) {
      assertThat(contacts).as(reply.body()).isNotEmpty();
      assertRefused(reply, 422, "USER.INVALID");
    }
    return new Asked(parent, name, contacts, reply);
  }

  private static Asked twice(Account parent, String name, List<String> contacts, String number) {
    Asked first = create(parent, name, contacts, "twice-" + number);
    Asked again = create(parent, name, contacts, "twice-" + number);
    assertThat(again.reply.body()).isEqualTo(first.reply.body());
    return first;
  }

  /** Each acknowledged child stands once with all that belongs to it, and nothing else stands. */
  private static void assertStored(List<Asked> done) {
    assertRows(
        done,
        asked -> uuid(asked.parent.id()) + " " + asked.name,
        "select id || ' ' || root_id || ' ' || name from users where parent_id is not null");
    assertRows(
        done,
        asked -> uuid(asked.parent.id()) + " production test",
        """
        select user_id || ' ' || root_id || ' ' || string_agg(mode, ' ' order by mode)
        from api_keys where user_id <> root_id group by user_id, root_id
        """);
    assertRows(
        done,
        asked -> uuid(asked.parent.id()) + " user.created api_key.created api_key.created",
        """
        select user_id || ' ' || root_id || ' ' || string_agg(description, ' ' order by id)
        from events where user_id <> root_id group by user_id, root_id
        """);
    assertRows(
        done,
        asked ->
            uuid(asked.parent.id())
                + (" " + asked.parent.id() + " " + asked.requestId())
                + " user.created api_key.created api_key.created",
        """
        select replace(object_user, 'user_', '')::uuid || ' ' || root_id || ' ' || actor_user
          || ' ' || request_id || ' ' || string_agg(action, ' ' order by written)
        from audit_log where actor_kind = 'key' and outcome = 'ok'
        group by object_user, root_id, actor_user, request_id
        """);
  }

  private static void assertRows(List<Asked> done, Function<Asked, String> row, String sql) {
    assertThat(server().rows(sql))
        .as("seed " + SEED + ": " + sql)
        .containsExactlyInAnyOrderElementsOf(
            done.stream()
                .map(asked -> uuid(asked.reply.text("id")) + " " + row.apply(asked))
                .toList());
  }

  private static void assertKeysWork(Asked asked) {
    String id = asked.reply.text("id");
    String production = asked.reply.text("api_keys.1.key");
    assertThat(server().as(production).get("/v2/users").text("id")).isEqualTo(id);
    assertRefused(
        server().as(asked.reply.text("api_keys.0.key")).get("/v2/users"), 403, "MODE.UNAUTHORIZED");
  }

  private static void assertLeftNothing(List<Asked> refused) {
    Set<String> written = Set.copyOf(server().rows("select request_id from audit_log"));
    assertThat(refused).as("seed " + SEED).noneMatch(asked -> written.contains(asked.requestId()));
  }

  /**
   * A child that wants one contact gets it unless another of its family has it, so what was wanted
   * alone has an owner in each family that asked.
   */
  private static void assertEachContactHasOneOwnerInItsFamily(List<Asked> all) {
    Map<String, Asked> owners = new HashMap<>();
    for (Asked asked : all) {
      if (asked.isDone()) {
        asked
            .wanted()
            .forEach(contact -> assertThat(owners.put(contact, asked)).as("seed " + SEED).isNull());
      }
    }
    Set<String> wantedAlone =
        all.stream()
            .filter(asked -> asked.contacts.size() == 1)
            .flatMap(Asked::wanted)
            .collect(Collectors.toCollection(HashSet::new));
    assertThat(owners.keySet()).as("seed " + SEED).containsAll(wantedAlone);
    all.stream()
        .filter(asked -> !asked.isDone() && !asked.contacts.isEmpty())
        .forEach(
            asked ->
                assertThat(asked.wanted().map(owners::get).map(Optional::ofNullable))
                    .as("seed " + SEED + ": " + asked)
                    .anyMatch(Optional::isPresent));
    assertThat(
            server()
                .rows(
                    "select root_id || ' ' || value || ' ' || user_id from user_contacts"
                        + " where user_id <> root_id"))
        .containsExactlyInAnyOrderElementsOf(
            owners.entrySet().stream()
                .map(owned -> owned.getKey() + " " + uuid(owned.getValue().reply.text("id")))
                .toList());
  }

  /** Fewer transactions than children: otherwise nothing of this was tried. */
  private static void assertWrittenTogether(int children) {
    assertThat(server().rows("select distinct xmin::text from users where parent_id is not null"))
        .hasSizeLessThan(children);
  }
}
