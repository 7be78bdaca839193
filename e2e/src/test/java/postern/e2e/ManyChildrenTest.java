package postern.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import postern.accounts.CreateUsers;
import postern.core.Credential;
import postern.core.Ids;
import postern.core.KeyId;
import postern.core.Mode;
import postern.core.Principal;
import postern.core.UserId;
import postern.crypto.Sealer;
import postern.keys.KeyTexts;
import postern.keys.Keys;
import postern.keys.VerifiedKeys;
import postern.sql.Database;
import postern.sql.EmbeddedPostgres;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** A family of 100,000 on a server whose heap, 256 MB, cannot hold it. */
final class ManyChildrenTest {
  private static final int CHILDREN = 100_000;
  private static final int CHILDREN_PER_STATEMENT = 1_000;

  @SuppressWarnings("NullAway.Init")
  private static DevServer server;

  @BeforeAll
  static void start() throws Exception {
    server = DevServer.start("many");
    createChildren();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** Beside the server, on its database: one request each would take minutes. */
  private static void createChildren() {
    Database database =
        Database.open(
            EmbeddedPostgres.attach(server.dataDir(), "postgres").orElseThrow(),
            new Database.Settings(2, Duration.ofSeconds(10), Duration.ofSeconds(60)),
            InstantSource.system());
    try (database) {
      Ids ids = new Ids(new SecureRandom());
      VerifiedKeys verified = new VerifiedKeys(database, 1, () -> true);
      Keys keys =
          new Keys(Sealer.open(server.dataDir()), verified, new KeyTexts(new SecureRandom()), ids);
      CreateUsers create =
          new CreateUsers(database, keys, ids, (tx, entries) -> {}, "8005550100", 100);
      UserId parent = UserId.parse(server.fact("user_id")).orElseThrow();
      KeyId anyKey = ids.key(InstantSource.system().instant());
      Principal caller = new Principal(parent, parent, new Credential.Key(anyKey), Mode.PRODUCTION);
      CreateUsers.Command child =
          new CreateUsers.Command(Optional.empty(), Optional.empty(), Optional.empty(), "user.");
      for (int done = 0; done < CHILDREN; done += CHILDREN_PER_STATEMENT) {
        create.run(caller, Collections.nCopies(CHILDREN_PER_STATEMENT, child));
      }
    }
  }

  @Test
  void usersStreamsEveryChild() throws Exception {
    assertThat(count("/v2/users", "parent_id")).isEqualTo(new Counted(CHILDREN + 1, CHILDREN + 1));
    assertStillAnswers();
  }

  @Test
  void apiKeysStreamsEveryChildsKeys() throws Exception {
    assertThat(count("/v2/api_keys", "key"))
        .isEqualTo(new Counted(CHILDREN + 1, 2 * (CHILDREN + 1)));
    assertStillAnswers();
  }

  /** The times are printed to be looked at; what is asserted is that each page is there. */
  @Test
  void pagesOfThePageOfChildrenAndItsSearchFindThem() throws Exception {
    PageClient pages = PageClient.loggedIn(server);
    String oldest =
        server.production().get("/v2/users/children?page_size=1").text("children.0.name");
    String older = "/children";
    for (int page = 0; page < 5; page++) {
      String body = timed(pages, older);
      assertThat(body).contains("Child Account");
      Matcher link = Pattern.compile("<a href=\"([^\"]+)\">Older</a>").matcher(body);
      assertThat(link.find()).isTrue();
      older = link.group(1).replace("&amp;", "&");
    }
    assertThat(timed(pages, "/children?q=" + PageClient.encoded(oldest))).contains(oldest);
    assertThat(timed(pages, "/children?q=nobody+is+called+so")).contains("No child has");
    assertThat(timed(pages, "/overview")).contains("more than 10,000");
  }

  private static String timed(PageClient pages, String path) throws Exception {
    long startedNanos = System.nanoTime();
    String body = pages.get(path);
    System.out.printf(
        "%s with %d children: %d ms%n",
        path, CHILDREN, (System.nanoTime() - startedNanos) / 1_000_000);
    return body;
  }

  @Test
  void aReaderThatLeavesEarlyHarmsNobody() throws Exception {
    for (int i = 0; i < 20; i++) {
      try (InputStream body = server.production().stream("/v2/users")) {
        body.skipNBytes(1_000);
      }
    }
    assertStillAnswers();
  }

  private static void assertStillAnswers() throws Exception {
    assertThat(server.process().isAlive()).isTrue();
    assertThat(server.production().get("/v2/users/children?page_size=1").list("children"))
        .hasSize(1);
  }

  /** How many users there are in an answer, and how many members of another name. */
  private record Counted(int users, int members) {}

  private static Counted count(String path, String memberName) throws IOException {
    long startedNanos = System.nanoTime();
    int users = 0;
    int members = 0;
    try (InputStream body = server.production().stream(path)) {
      int first = body.read();
      long firstByteMs = (System.nanoTime() - startedNanos) / 1_000_000;
      assertThat((char) first).isEqualTo('{');
      InputStream whole =
          new java.io.SequenceInputStream(
              new java.io.ByteArrayInputStream(new byte[] {(byte) first}), body);
      try (JsonParser json = new JsonFactory().createParser(ObjectReadContext.empty(), whole)) {
        for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
          if (token == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            members += name.equals(memberName) ? 1 : 0;
            json.nextToken();
            users += name.equals("id") && json.getString().startsWith("user_") ? 1 : 0;
          }
        }
      }
      System.out.printf(
          "%s with %d children: first byte after %d ms, all after %d ms%n",
          path, CHILDREN, firstByteMs, (System.nanoTime() - startedNanos) / 1_000_000);
    }
    return new Counted(users, members);
  }
}
