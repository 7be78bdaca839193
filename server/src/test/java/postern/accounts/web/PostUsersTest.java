package postern.accounts.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import postern.main.TestClient.Reply;
import postern.main.TestServer;
import postern.main.TestServer.Account;

class PostUsersTest {
  private static TestServer server;
  private static Account parent;

  @BeforeAll
  static void start() {
    server = TestServer.start();
    parent = server.account();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Nested
  class Answers201 {
    @Test
    void withTheChildAndItsTwoKeysTestFirst() {
      Reply reply =
          server.as(parent.productionKey()).post("/v2/users", "{\"user\":{\"name\":\"Ada\"}}");
      assertThat(reply.status()).isEqualTo(201);
      assertThat(reply.text("name")).isEqualTo("Ada");
      assertThat(reply.text("parent_id")).isEqualTo(parent.id());
      assertThat(reply.text("api_keys.0.mode")).isEqualTo("test");
      assertThat(reply.text("api_keys.1.mode")).isEqualTo("production");
    }
  }

  @Nested
  class Answers403 {
    @Test
    void toATestKey() {
      Reply reply = server.as(parent.testKey()).post("/v2/users", "{}");
      assertThat(reply.status()).isEqualTo(403);
      assertThat(reply.errorCode()).isEqualTo("MODE.UNAUTHORIZED");
    }
  }
}
