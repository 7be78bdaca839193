package postern.accounts.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import postern.main.RouteTest;
import postern.main.TestClient.Reply;
import postern.main.TestServer.Account;

/** {@code GET|PUT|PATCH /v2/users/{id}/brand}. */
class BrandTest extends RouteTest {
  private final Account parent = server().account();
  private final Account child = child(parent);
  private final String path = "/v2/users/" + child.id() + "/brand";

  @Nested
  class Answers200 {
    @Test
    void withDefaultsWhereNothingIsSet() {
      Reply reply = as(child).get(path);
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.text("object")).isEqualTo("Brand");
      assertThat(reply.text("user_id")).isEqualTo(child.id());
      assertThat(reply.text("id")).matches("brd_[0-9a-f]{32}");
      assertThat(reply.text("theme")).isEqualTo("theme1");
      assertThat(reply.text("name")).isEqualTo("Postern");
      assertThat(reply.text("logo")).endsWith("/logo.svg");
      assertThat(reply.at("color")).isNull();
    }

    @Test
    void toPartialChangesThatKeepTheRest() {
      as(parent).put(path, "{\"brand\":{\"color\":\"#abc\",\"theme\":\"theme2\"}}");
      Reply reply = as(child).patch(path, "{\"background_color\":\"#123456\"}");
      assertThat(reply.text("color")).isEqualTo("#abc");
      assertThat(reply.text("theme")).isEqualTo("theme2");
      assertThat(reply.text("background_color")).isEqualTo("#123456");
      assertThat(as(parent).get(path).body()).isEqualTo(reply.body());
    }

    @Test
    void toEachUserItsOwn() {
      as(parent).patch(path, "{\"name\":\"Only the child\"}");
      assertThat(as(parent).get("/v2/users/" + parent.id() + "/brand").text("name"))
          .isEqualTo("Postern");
    }
  }

  @Nested
  class Answers422 {
    @Test
    void toEverythingThatIsWrongAtOnce() {
      Reply reply =
          as(child)
              .patch(
                  path,
                  "{\"brand\":{\"color\":\"red\",\"ad_href\":\"javascript:alert(1)\","
                      + "\"logo\":\"data:text/html;base64,AA\",\"theme\":\"theme9\",\"name\":4}}");
      assertThat(reply.status()).isEqualTo(422);
      assertThat(fieldsIn(reply))
          .containsExactlyInAnyOrderElementsOf(
              List.of("brand.ad_href", "brand.color", "brand.logo", "brand.name", "brand.theme"));
      assertThat(as(child).get(path).at("color")).isNull();
    }
  }

  @Nested
  class Answers404 {
    @Test
    void toStrangersAndForDeletedChildren() {
      assertRefused(as(server().account()).get(path), 404, "NOT_FOUND");
      as(parent).delete("/v2/users/" + child.id());
      assertRefused(as(parent).patch(path, "{\"color\":\"#abc\"}"), 404, "NOT_FOUND");
      assertThat(rows("brands", "user_id = ?", uuid(child.id()))).isEmpty();
    }
  }
}
