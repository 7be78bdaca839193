package postern.main;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import postern.main.TestClient.Reply;
import postern.main.TestServer.Account;

/** Pages are bounded in bytes: the largest records make the pages shorter, and not longer. */
class ListBytesTest extends RouteTest {
  private static final int PAGE_BYTES_MAX = 512 * 1_024;
  private static final int RECORD_BYTES = 200_000;
  private static final int RECORDS = 12;

  /** One record goes beyond the bound, and each has other members. */
  private static final int ANSWER_BYTES_MAX = PAGE_BYTES_MAX + RECORD_BYTES + 100_000;

  private static final Pattern NEXT = Pattern.compile("<([^>]+)>; rel=\"next\"");

  @Test
  void refusesAnObjectThatIsTooLong() {
    TestClient client = server().as(server().account().testKey());
    for (String member : List.of("result", "previous_attributes")) {
      Reply longest = client.post("/v2/events", event(member, 65_536 - "{\"a\":\"\"}".length()));
      assertThat(longest.status()).as(member).isEqualTo(201);
      Reply refused =
          client.post("/v2/events", event(member, 65_536 - "{\"a\":\"\"}".length() + 1));
      assertThat(refused.status()).as(member).isEqualTo(422);
      assertThat(refused.body()).contains("event." + member).contains("at most 65536 bytes");
    }
    // Three bytes each.
    assertThat(client.post("/v2/events", event("result", "€".repeat(25_000))).status())
        .isEqualTo(422);
  }

  private static String event(String member, int length) {
    return event(member, "x".repeat(length));
  }

  private static String event(String member, String text) {
    return "{\"event\":{\"description\":\"tracker.updated\",\"%s\":{\"a\":\"%s\"}}}"
        .formatted(member, text);
  }

  @Test
  void endsAPageOfEventsAtItsBytes() {
    Account account = withLongRecords();
    walk(server().as(account.testKey()), "/v2/events?page_size=100", "events", RECORDS);
  }

  @Test
  void endsAPageOfEventsAtItsBytesInTheOtherDirection() {
    Account account = withLongRecords();
    walk(
        server().as(account.testKey()),
        "/v2/events?page_size=100&after_id=evt_00000000000000000000000000000000",
        "events",
        RECORDS);
  }

  @Test
  void endsAPageOfPayloadsAtItsBytes() {
    Account account = withLongRecords();
    String event =
        rows(
                server(),
                "select replace(min(id::text), '-', '') from events where root_id = ? and description = 'tracker.updated'",
                RouteTest.uuid(account.id()))
            .getFirst();
    walk(
        server().as(account.testKey()),
        "/v2/events/evt_" + event + "/payloads",
        "payloads",
        RECORDS);
  }

  @Test
  void endsAPageOfTheAuditLogAtItsBytesAndExportsAllOfIt() {
    Account account = withLongRecords();
    TestClient client = server().as(account.productionKey());
    int all =
        Integer.parseInt(
            rows(
                    server(),
                    "select count(*) from audit_log where root_id = ?",
                    RouteTest.uuid(account.id()))
                .getFirst());
    walk(client, "/v2/audit_log?page_size=100", "audit_log", all);
    Reply lines =
        client.send(
            "GET", "/v2/audit_log", null, null, java.util.Map.of("Accept", "application/jsonl"));
    assertThat(lines.body().lines().count()).isEqualTo(all);
  }

  @Test
  void endsAPartOfTheFeedAtItsBytes() {
    Account account = withLongRecords();
    server().numberEvents();
    TestClient client = server().as(account.testKey());
    Set<String> seen = new TreeSet<>();
    String cursor = "0";
    boolean hasMore = true;
    while (hasMore) {
      Reply part = client.get("/v2/events/feed?after=" + cursor);
      assertThat(part.body().length()).isLessThan(ANSWER_BYTES_MAX);
      List<String> ids = each(part, "events", "id");
      assertThat(ids).isNotEmpty();
      seen.addAll(ids);
      cursor = part.text("cursor");
      hasMore = part.body().endsWith("\"has_more\":true}");
    }
    assertThat(seen).hasSize(RECORDS);
  }

  @Test
  void answersManyLongPagesAtOnce() throws Exception {
    Account account = withLongRecords();
    TestClient client = server().as(account.testKey());
    List<Future<Reply>> replies = new ArrayList<>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 40; i++) {
        replies.add(executor.submit(() -> client.get("/v2/events?page_size=100")));
      }
    }
    for (Future<Reply> reply : replies) {
      assertThat(reply.get().status()).isEqualTo(200);
      assertThat(each(reply.get(), "events", "id")).isNotEmpty();
    }
  }

  private static void walk(TestClient client, String path, String member, int records) {
    List<String> seen = new ArrayList<>();
    String next = path;
    int pages = 0;
    while (next != null) {
      Reply page = client.get(next);
      assertThat(page.status()).as(page.body()).isEqualTo(200);
      assertThat(page.body().length()).isLessThan(ANSWER_BYTES_MAX);
      List<String> ids = each(page, member, "id");
      assertThat(ids).isNotEmpty();
      seen.addAll(ids);
      var link = NEXT.matcher(String.valueOf(page.header("Link")));
      next = link.find() ? link.group(1) : null;
      assertThat(page.body().contains("\"has_more\":true")).isEqualTo(next != null);
      pages++;
    }
    assertThat(seen).hasSize(records).doesNotHaveDuplicates();
    assertThat(pages).isGreaterThan(1);
  }

  /** Records that are longer than a caller can make them today. */
  private Account withLongRecords() {
    Account account = server().account();
    Object root = RouteTest.uuid(account.id());
    assertThat(
            rows(
                server(),
                """
                with made as (
                  insert into events (root_id, id, user_id, mode, description, result,
                    previous_attributes, created_at)
                  select u.id, gen_random_uuid(), u.id, 'test', 'tracker.updated',
                    '{"a":"' || repeat('x', %1$d) || '"}', '{}', u.created_at
                  from users u, generate_series(1, %2$d) where u.id = ?
                  returning root_id, id, user_id, mode, created_at
                ), fed as (
                  insert into event_feed (root_id, event_id, user_id, mode)
                  select root_id, id, user_id, mode from made
                ), audited as (
                  insert into audit_log (root_id, id, created_at, actor_kind, actor_id, actor_user,
                    actor_name, action, object_id, object_user, object_name, before, after, address,
                    client, request_id, outcome, error_code)
                  select root_id, id, created_at, 'key', '', '', '', 'user.updated', '', '', '', '{}',
                    '{"a":"' || repeat('x', %1$d) || '"}', '', '', '', 'ok', ''
                  from made
                ), paid as (
                  insert into payloads (root_id, event_id, id, webhook_id, request_url,
                    request_headers, request_body, response_code, response_headers, response_body,
                    total_time_ms, created_at)
                  select root_id, first_value(id) over (order by id), id, id, 'http://localhost/',
                    '{}', '', 200, '{}', repeat('x', %1$d), 1, created_at
                  from made
                )
                select count(*) from made
                """
                    .formatted(RECORD_BYTES, RECORDS),
                root))
        .containsExactly(String.valueOf(RECORDS));
    rows(
        server(),
        """
        with moved as (
          update payloads set event_id = (select min(id::text)::uuid from events e
            where e.root_id = payloads.root_id and e.description = 'tracker.updated')
          where root_id = ? returning 1)
        select count(*) from moved
        """,
        root);
    return account;
  }
}
