package postern.accounts.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import postern.main.RouteTest;
import postern.main.TestClient.Reply;
import postern.main.TestServer.Account;

/** {@code GET /v2/users/children} and {@code GET /v2/users/{id}/children}. */
@Tag("storage")
class GetChildrenTest extends RouteTest {
  private static final String ASCENDING = "/v2/users/children";

  private final Account parent = server().account();
  private final String descending = "/v2/users/" + parent.id() + "/children";

  private List<String> make(int count) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      server().time().advance(Duration.ofMillis(1));
      ids.add(child(parent).id());
    }
    return ids;
  }

  private List<String> ids(String path) {
    Reply reply = as(parent).get(path);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return each(reply, "children", "id");
  }

  /** All pages, by the cursor that the path's guide names, or by the Link header. */
  private List<String> walk(String path, String cursor, int size, boolean byLink) {
    List<String> found = new ArrayList<>();
    String next = path + "?page_size=" + size;
    while (true) {
      Reply page = as(parent).get(next);
      List<String> ids = each(page, "children", "id");
      found.addAll(ids);
      String link = page.header("Link");
      assertThat(link.isEmpty()).isEqualTo(page.text("has_more").equals("false"));
      if (link.isEmpty()) {
        return found;
      }
      assertThat(ids).hasSize(size);
      next =
          byLink
              ? link.substring(1, link.indexOf('>'))
              : path + "?page_size=" + size + "&" + cursor + "=" + ids.getLast();
    }
  }

  @Nested
  class Answers200 {
    @Test
    void withSevenMembersAChild() {
      make(1);
      Reply reply = as(parent).get(ASCENDING);
      assertThat(members(reply, "children.0"))
          .containsExactly(
              "id", "object", "parent_id", "name", "phone_number", "verified", "created_at");
      assertThat(as(parent).get("/beta/users/children").body()).isEqualTo(reply.body());
    }

    @Test
    void inEachPathsOwnOrder() {
      List<String> made = make(3);
      assertThat(ids(ASCENDING)).isEqualTo(made);
      assertThat(ids(descending)).isEqualTo(made.reversed());
    }

    @Test
    void byBothCursorsOnBothPaths() {
      List<String> made = make(5);
      for (String path : List.of(ASCENDING, descending)) {
        assertThat(ids(path + "?after_id=" + made.get(2))).isEqualTo(made.subList(3, 5));
        assertThat(ids(path + "?before_id=" + made.get(2)))
            .isEqualTo(made.subList(0, 2).reversed());
      }
      String window = "?after_id=" + made.get(0) + "&before_id=" + made.get(4);
      assertThat(ids(ASCENDING + window)).isEqualTo(made.subList(1, 4));
      assertThat(ids(descending + window)).isEqualTo(made.subList(1, 4).reversed());
      String none = "?after_id=" + made.get(4) + "&before_id=" + made.get(0);
      assertThat(ids(ASCENDING + none)).isEmpty();
    }

    @Test
    void pageByPageByCursorAndByLinkAlike() {
      List<String> made = make(7);
      for (int size : List.of(1, 2, 3, 7, 8)) {
        for (boolean byLink : List.of(true, false)) {
          assertThat(walk(ASCENDING, "after_id", size, byLink)).isEqualTo(made);
          assertThat(walk(descending, "before_id", size, byLink)).isEqualTo(made.reversed());
        }
      }
    }

    @Test
    void withALinkThatKeepsTheOtherEndOfAWindow() {
      List<String> made = make(6);
      String window = "&after_id=" + made.get(0) + "&before_id=" + made.get(5);
      for (String path : List.of(ASCENDING, descending)) {
        List<String> found = new ArrayList<>();
        String next = path + "?page_size=3" + window;
        while (!next.isEmpty()) {
          Reply page = as(parent).get(next);
          found.addAll(each(page, "children", "id"));
          String link = page.header("Link");
          next = link.isEmpty() ? "" : link.substring(1, link.indexOf('>'));
        }
        assertThat(found).containsExactlyInAnyOrderElementsOf(made.subList(1, 5));
      }
    }

    @Test
    void alsoWhereAllChildrenWereMadeInTheSameMillisecond() {
      List<String> made = new ArrayList<>();
      for (int i = 0; i < 9; i++) {
        made.add(child(parent).id());
      }
      List<String> walked = walk(ASCENDING, "after_id", 2, false);
      assertThat(walked).containsExactlyInAnyOrderElementsOf(made).doesNotHaveDuplicates();
      assertThat(walk(descending, "before_id", 2, true)).isEqualTo(walked.reversed());
    }

    @Test
    void fromTheOldPlaceOfADeletedChild() {
      List<String> made = make(4);
      as(parent).delete("/v2/users/" + made.get(1));
      assertThat(ids(ASCENDING + "?after_id=" + made.get(1))).isEqualTo(made.subList(2, 4));
      assertThat(ids(ASCENDING + "?before_id=" + made.get(1))).containsExactly(made.getFirst());
    }

    @Test
    void withTwentyByDefaultAndAHundredAtTheMost() {
      make(101);
      assertThat(ids(ASCENDING)).hasSize(20);
      assertThat(ids(descending)).hasSize(20);
      for (String size : List.of("100", "101", "5000", "99999999999999999999")) {
        assertThat(ids(ASCENDING + "?page_size=" + size)).hasSize(100);
      }
    }

    @Test
    void toAChildThatHasNone() {
      Account child = child(parent);
      assertThat(as(child).get(ASCENDING).body()).isEqualTo("{\"children\":[],\"has_more\":false}");
      assertThat(as(child).get("/v2/users/" + child.id() + "/children").body())
          .isEqualTo("{\"children\":[],\"has_more\":false}");
    }

    @Test
    void withTheDeletedOnesAskedFor() {
      List<String> made = make(3);
      as(parent).delete("/v2/users/" + made.get(0));
      as(parent).delete("/v2/users/" + made.get(2));
      Reply first = as(parent).get(ASCENDING + "?deleted=true&page_size=1");
      assertThat(each(first, "children", "id")).containsExactly(made.get(0));
      String link = first.header("Link");
      assertThat(ids(link.substring(1, link.indexOf('>')))).containsExactly(made.get(2));
    }
  }

  @Nested
  class Answers422 {
    @Test
    void toPageSizesThatAreNone() {
      for (String size : List.of("0", "-1", "ten", "", "1.5", "1e2", "%20")) {
        Reply reply = as(parent).get(ASCENDING + "?page_size=" + size);
        assertRefused(reply, 422, "PARAMETER.INVALID_TYPE");
        assertThat(fieldsIn(reply)).containsExactly("page_size");
      }
    }

    @Test
    void toCursorsThatAreMalformedUnknownOrOfAnotherFamily() {
      String foreign = child(server().account()).id();
      for (String cursor : List.of("", "user_1", "x", "user_" + "0".repeat(32), foreign)) {
        for (String path : List.of(ASCENDING, descending)) {
          for (String name : List.of("after_id", "before_id")) {
            Reply reply = as(parent).get(path + "?" + name + "=" + cursor);
            assertRefused(reply, 422, "PARAMETER.INVALID_TYPE");
            assertThat(fieldsIn(reply)).containsExactly(name);
          }
        }
      }
    }
  }

  @Nested
  class Answers404 {
    @Test
    void forTheChildrenOfOthers() {
      Account child = child(parent);
      assertRefused(as(child).get(descending), 404, "NOT_FOUND");
      assertRefused(as(server().account()).get(descending), 404, "NOT_FOUND");
    }
  }
}
