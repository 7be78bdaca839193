package postern.events.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.main.RouteTest;
import postern.main.TestClient;
import postern.main.TestClient.Reply;
import postern.main.TestServer.Account;

/** {@code /v2/events}: what is recorded, who sees it, and the lists. */
class EventsTest extends RouteTest {
  private final Account parent = server().account();

  private List<String> feedOf(Account account) {
    return each(as(account).get("/v2/events/feed"), "events", "description");
  }

  private static TestClient asTest(Account account) {
    return server().as(account.testKey());
  }

  private Reply inject(String event) {
    return asTest(parent).post("/v2/events", "{\"event\":" + event + "}");
  }

  @Nested
  class Changes {
    @Test
    void areEventsInTheOrderInWhichTheyHappened() {
      Account child = child(parent);
      String of = "/v2/users/" + child.id();
      as(parent).patch(of, "{\"name\":\"Other\"}");
      as(parent).patch(of, "{\"name\":\"Other\"}");
      as(parent).patch(of + "/brand", "{\"color\":\"#123456\"}");
      String key = as(child).post("/v2/api_keys", "{\"mode\":\"test\"}").text("id");
      as(parent).post("/v2/api_keys/" + key + "/disable", null);
      as(parent).post("/v2/api_keys/" + key + "/disable", null);
      as(parent).post("/v2/api_keys/" + key + "/enable", null);
      as(parent).delete("/v2/api_keys/" + key);
      as(parent).delete(of);
      as(parent).post(of + "/restore", null);
      as(parent).post(of + "/restore", null);
      settle();
      assertThat(feedOf(parent))
          .containsExactly(
              "user.created",
              "api_key.created",
              "api_key.created",
              "user.created",
              "api_key.created",
              "api_key.created",
              "user.updated",
              "brand.updated",
              "api_key.created",
              "api_key.disabled",
              "api_key.enabled",
              "api_key.deleted",
              "user.deleted",
              "user.restored");
      List<String> listed =
          each(
              as(parent).get("/v2/events?include_children=true&page_size=100"),
              "events",
              "description");
      assertThat(listed.reversed()).isEqualTo(feedOf(parent));
    }

    @Test
    void tellTheObjectAndWhatItWasBefore() {
      Account child = child(parent);
      as(parent).patch("/v2/users/" + child.id(), "{\"name\":\"Renamed\"}");
      settle();
      Reply feed = as(child).get("/v2/events/feed");
      int last = feed.list("events").size() - 1;
      assertThat(feed.text("events." + last + ".result.name")).isEqualTo("Renamed");
      assertThat(feed.text("events." + last + ".result.id")).isEqualTo(child.id());
      assertThat(feed.text("events." + last + ".previous_attributes")).isEqualTo("{name=A child}");
      assertThat(feed.body()).doesNotContain(child.testKey()).doesNotContain(child.productionKey());
    }

    @Test
    void thatAreRefusedLeaveNothing() {
      as(parent).patch("/v2/users/" + parent.id(), "{\"email\":\"no address\"}");
      as(parent).delete("/v2/users/" + parent.id());
      settle();
      assertThat(feedOf(parent))
          .containsExactly("user.created", "api_key.created", "api_key.created");
    }
  }

  @Nested
  class WhoSees {
    @Test
    void aParentItsFamilyAChildItselfAndAStrangerNothing() {
      Account child = child(parent);
      Account stranger = server().account();
      settle();
      assertThat(each(as(parent).get("/v2/events"), "events", "user_id")).containsOnly(parent.id());
      assertThat(each(as(parent).get("/v2/events?include_children=true"), "events", "user_id"))
          .contains(parent.id(), child.id());
      assertThat(each(as(parent).get("/v2/events?user_id=" + child.id()), "events", "user_id"))
          .containsOnly(child.id());
      for (String query : List.of("", "?include_children=true", "?user_id=" + parent.id())) {
        assertThat(each(as(child).get("/v2/events" + query), "events", "user_id"))
            .containsOnly(child.id());
        assertThat(as(stranger).get("/v2/events" + query).body()).doesNotContain(child.id());
      }
      assertThat(as(stranger).get("/v2/events/feed").body())
          .doesNotContain(child.id())
          .doesNotContain(parent.id());
      String event = as(child).get("/v2/events").text("events.0.id");
      assertThat(as(child).get("/v2/events/" + event).status()).isEqualTo(200);
      assertThat(as(parent).get("/v2/events/" + event).status()).isEqualTo(200);
      assertRefused(as(stranger).get("/v2/events/" + event), 404, "NOT_FOUND");
    }

    @Test
    void eachModeItsOwn() {
      inject("{\"description\":\"tracker.updated\",\"result\":{\"id\":\"trk_1\"}}");
      settle();
      assertThat(each(asTest(parent).get("/v2/events"), "events", "description"))
          .containsExactly("tracker.updated");
      assertThat(as(parent).get("/v2/events").body()).doesNotContain("tracker.updated");
      assertThat(as(parent).get("/v2/events/feed").body()).doesNotContain("tracker.updated");
      assertThat(each(asTest(parent).get("/v2/events/feed"), "events", "description"))
          .containsExactly("tracker.updated");
    }
  }

  @Nested
  class Lists {
    @Test
    void areWalkedNewestFirstAndBack() {
      for (int i = 0; i < 5; i++) {
        inject("{\"description\":\"tracker.updated\",\"result\":{\"n\":" + i + "}}");
        server().time().advance(Duration.ofMillis(1));
      }
      List<String> all = each(asTest(parent).get("/v2/events"), "events", "id");
      assertThat(all).hasSize(5);
      List<String> walked = new ArrayList<>();
      Reply page = asTest(parent).get("/v2/events?page_size=2");
      while (true) {
        walked.addAll(each(page, "events", "id"));
        if (page.text("has_more").equals("false")) {
          break;
        }
        String link = page.header("Link");
        page = asTest(parent).get(link.substring(1, link.indexOf('>')));
      }
      assertThat(walked).isEqualTo(all);
      assertThat(
              each(
                  asTest(parent).get("/v2/events?page_size=2&after_id=" + all.getLast()),
                  "events",
                  "id"))
          .containsExactly(all.get(3), all.get(2));
      assertThat(
              each(
                  asTest(parent)
                      .get("/v2/events?after_id=" + all.get(3) + "&before_id=" + all.get(1)),
                  "events",
                  "id"))
          .containsExactly(all.get(2));
    }

    @Test
    void areCutByTimeAndDescription() {
      inject("{\"description\":\"batch.created\"}");
      String first = server().time().instant().toString();
      server().time().advance(Duration.ofMillis(1));
      String between = server().time().instant().toString();
      inject("{\"description\":\"batch.updated\"}");
      assertThat(
              each(
                  asTest(parent).get("/v2/events?start_datetime=" + between),
                  "events",
                  "description"))
          .containsExactly("batch.updated");
      assertThat(
              each(
                  asTest(parent)
                      .get("/v2/events?start_datetime=" + first + "&end_datetime=" + between),
                  "events",
                  "description"))
          .containsExactly("batch.created");
      assertThat(
              each(
                  asTest(parent).get("/v2/events?description=batch.created"),
                  "events",
                  "description"))
          .containsExactly("batch.created");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "page_size=0",
          "before_id=x",
          "after_id=user_1",
          "start_datetime=soon",
          "user_id=me"
        })
    void areNotMadeOfNonsense(String query) {
      assertRefused(as(parent).get("/v2/events?" + query), 422, "PARAMETER.INVALID_TYPE");
    }
  }

  @Nested
  class Injected {
    @Test
    void eventsAreAnsweredAsTheyWillBeDelivered() {
      Reply reply =
          inject(
              "{\"description\":\"tracker.updated\",\"result\":{\"weight\":614},"
                  + "\"previous_attributes\":{\"status\":\"unknown\"}}");
      assertThat(reply.status()).isEqualTo(201);
      assertThat(members(reply, ""))
          .containsExactly(
              "description",
              "mode",
              "previous_attributes",
              "created_at",
              "pending_urls",
              "completed_urls",
              "updated_at",
              "id",
              "user_id",
              "status",
              "object",
              "result");
      assertThat(reply.body()).contains("\"result\":{\"weight\":614.0}");
    }

    @Test
    void needATestKeyAndADescriptionOfTheOriginals() {
      String tracker = "{\"event\":{\"description\":\"tracker.updated\"}}";
      assertRefused(as(parent).post("/v2/events", tracker), 403, "MODE.UNAUTHORIZED");
      assertRefused(inject("{\"description\":\"user.created\"}"), 422, "PARAMETER.INVALID");
      assertRefused(inject("{}"), 422, "PARAMETER.REQUIRED");
      assertRefused(
          inject("{\"description\":\"batch.created\",\"result\":[]}"),
          422,
          "PARAMETER.INVALID_TYPE");
    }
  }

  @Nested
  class TheFeed {
    @Test
    void goesOnFromItsCursorAndWaits() throws Exception {
      settle();
      String cursor = as(parent).get("/v2/events/feed").text("cursor");
      Reply nothing = as(parent).get("/v2/events/feed?after=" + cursor);
      assertThat(nothing.list("events")).isEmpty();
      assertThat(nothing.text("cursor")).isEqualTo(cursor);
      List<Reply> came = new ArrayList<>();
      Thread reader =
          Thread.ofVirtual()
              .start(() -> came.add(as(parent).get("/v2/events/feed?wait=30&after=" + cursor)));
      child(parent);
      reader.join();
      assertThat(each(came.getFirst(), "events", "description")).startsWith("user.created");
    }

    @Test
    void beginsAtItsEndForThoseWhoAskSo() {
      settle();
      assertThat(as(parent).get("/v2/events/feed?after=end").list("events")).isEmpty();
      assertRefused(as(parent).get("/v2/events/feed?after=-1"), 422, "PARAMETER.INVALID_TYPE");
      assertRefused(as(parent).get("/v2/events/feed?wait=-1"), 422, "PARAMETER.INVALID_TYPE");
    }

    @Test
    void tellsAReaderThatStayedAwayTooLong() {
      child(parent);
      settle();
      String cursor = as(parent).get("/v2/events/feed?page_size=1").text("cursor");
      server().time().advance(Duration.ofDays(30).plusMillis(1));
      assertThat(server().purgeEvents()).isPositive();
      assertRefused(as(parent).get("/v2/events/feed?after=" + cursor), 410, "CURSOR.EXPIRED");
      assertThat(as(parent).get("/v2/events/feed").list("events")).isEmpty();
      assertThat(as(parent).get("/v2/events").list("events")).isEmpty();
    }
  }

  @Test
  void oneEventIsFoundByItsIdOnly() {
    String id = inject("{\"description\":\"batch.created\"}").text("id");
    Reply event = asTest(parent).get("/v2/events/" + id);
    assertThat(members(event, ""))
        .containsExactly(
            "description",
            "mode",
            "previous_attributes",
            "created_at",
            "pending_urls",
            "completed_urls",
            "updated_at",
            "id",
            "user_id",
            "status",
            "object");
    assertThat(event.text("status")).isEqualTo("pending");
    assertRefused(asTest(parent).get("/v2/events/evt_" + "0".repeat(32)), 404, "NOT_FOUND");
    Reply nonsense = asTest(parent).get("/v2/events/bad%20input");
    assertRefused(nonsense, 422, "PARAMETER.INVALID_TYPE");
    assertThat(fieldsIn(nonsense)).containsExactly("id");
  }

  /** Gives what was committed its place in the feed, without waiting for the loop that does. */
  private static void settle() {
    server().numberEvents();
  }
}
