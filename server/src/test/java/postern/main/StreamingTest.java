package postern.main;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import postern.main.TestClient.Reply;
import postern.main.TestServer.Account;

/** What embeds every child is streamed whole. */
class StreamingTest extends RouteTest {
  private static final int CHILDREN = 20_000;

  @Test
  void sendsEveryChildInChunks() {
    Account parent = parentOfMany();
    for (String path : new String[] {"/v2/users", "/v2/api_keys"}) {
      Reply reply = as(parent).get(path);
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.header("Transfer-Encoding")).isEqualTo("chunked");
      assertThat(each(reply, "children", "id")).hasSize(CHILDREN).doesNotHaveDuplicates();
    }
  }

  /** A client that finds no last chunk takes the answer for one that was broken off. */
  @Test
  void sendsTheLastChunkBeforeTheConnectionIsClosed() throws IOException {
    Account parent = parentOfMany();
    HttpURLConnection connection =
        (HttpURLConnection)
            URI.create("http://127.0.0.1:" + server().httpPort() + "/v2/users")
                .toURL()
                .openConnection();
    connection.setRequestProperty("Authorization", "Bearer " + parent.productionKey());
    connection.setRequestProperty("Connection", "close");
    assertThat(connection.getHeaderField("Transfer-Encoding")).isEqualTo("chunked");
    assertThat(connection.getHeaderField("Connection")).isEqualTo("close");
    try (InputStream in = connection.getInputStream()) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).endsWith("}]}");
    }
  }

  private Account parentOfMany() {
    Account parent = server().account();
    assertThat(
            rows(
                server(),
                """
                with made as (
                  insert into users (root_id, id, parent_id, brand_id, name, created_at, updated_at)
                  select p.id, gen_random_uuid(), p.id, gen_random_uuid(), 'Child ' || n,
                    p.created_at + (n / 10) * interval '1 millisecond', p.created_at
                  from users p, generate_series(1, ?) n
                  where p.id = ?
                  returning 1)
                select count(*) from made
                """,
                CHILDREN,
                uuid(parent.id())))
        .containsExactly(Integer.toString(CHILDREN));
    return parent;
  }
}
