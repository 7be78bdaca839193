package postern.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.easypost.exception.API.BadRequestError;
import com.easypost.exception.API.ForbiddenError;
import com.easypost.exception.API.HttpError;
import com.easypost.exception.API.InternalServerError;
import com.easypost.exception.API.InvalidRequestError;
import com.easypost.exception.API.NotFoundError;
import com.easypost.exception.API.RateLimitError;
import com.easypost.exception.API.ServiceUnavailableError;
import com.easypost.exception.API.UnauthorizedError;
import com.easypost.exception.API.UnknownApiError;
import com.easypost.exception.APIException;
import com.easypost.exception.General.EndOfPaginationError;
import com.easypost.exception.General.FilteringError;
import com.easypost.model.ApiKey;
import com.easypost.model.ApiKeys;
import com.easypost.model.Brand;
import com.easypost.model.ChildUserCollection;
import com.easypost.model.FieldError;
import com.easypost.model.User;
import com.easypost.service.EasyPostClient;
import java.io.File;
import java.security.KeyStore;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import postern.sql.EmbeddedPostgres;
import postern.sql.PostgresAddress;

/** The official Java client, unmodified, over TLS with the trust store that dev.json names. */
final class OfficialJavaClientTest {
  @SuppressWarnings("NullAway.Init")
  private static DevServer server;

  @SuppressWarnings("NullAway.Init")
  private static EasyPostClient client;

  @BeforeAll
  static void start() throws Exception {
    server = DevServer.start("java-client");
    trust(server);
    client = clientOf(server.fact("production_key"));
  }

  /** Has this JVM trust a server's certificate. */
  static void trust(DevServer server) throws Exception {
    HttpsURLConnection.setDefaultSSLSocketFactory(trusting(server));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** What -Djavax.net.ssl.trustStore does, which comes too late in a JVM that has used TLS. */
  private static SSLSocketFactory trusting(DevServer server) throws Exception {
    char[] password = server.fact("trust_store_password").toCharArray();
    KeyStore store = KeyStore.getInstance(new File(server.fact("trust_store")), password);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, trust.getTrustManagers(), null);
    return tls.getSocketFactory();
  }

  private static EasyPostClient clientOf(String key) throws Exception {
    return new EasyPostClient(key, server.fact("https"));
  }

  private static User newChild(String name) throws Exception {
    return client.user.create(Map.of("name", name));
  }

  private static String productionKeyOf(User user) throws Exception {
    return client.apiKey.retrieveApiKeysForUser(user.getId()).stream()
        .filter(key -> "production".equals(key.getMode()))
        .map(ApiKey::getKey)
        .findFirst()
        .orElseThrow();
  }

  @Nested
  final class Users {
    @Test
    void retrieveMeShowsTheAccount() throws Exception {
      User me = client.user.retrieveMe();
      assertThat(me.getId()).isEqualTo(server.fact("user_id"));
      assertThat(me.getObject()).isEqualTo("User");
      assertThat(me.getEmail()).isEqualTo(server.fact("email"));
      assertThat(me.getBalance()).isEqualTo("0.00000");
      assertThat(me.getParentId()).isNull();
      assertThat(me.isVerified()).isTrue();
      assertThat(me.getCreatedAt()).isNotNull();
    }

    @Test
    void createRetrieveUpdateAndDeleteAChild() throws Exception {
      User created = newChild("Acme's child");
      assertThat(created.getId()).startsWith("user_");
      assertThat(created.getParentId()).isEqualTo(server.fact("user_id"));

      User updated =
          client.user.update(
              created.getId(), Map.of("name", "Renamed", "recharge_threshold", "50.00"));
      assertThat(updated.getName()).isEqualTo("Renamed");
      assertThat(updated.getRechargeThreshold()).isEqualTo("50.00");

      User retrieved = client.user.retrieve(created.getId());
      assertThat(retrieved.getName()).isEqualTo("Renamed");
      assertThat(retrieved.getCreatedAt()).isEqualTo(created.getCreatedAt());

      client.user.delete(created.getId());
      assertThatThrownBy(() -> client.user.retrieve(created.getId()))
          .isInstanceOf(NotFoundError.class);
    }

    @Test
    void allChildrenAndGetNextPageReachTheEnd() throws Exception {
      List<String> created = new ArrayList<>();
      for (int i = 0; i < 7; i++) {
        created.add(newChild("Page " + i).getId());
      }
      List<String> walked = new ArrayList<>();
      ChildUserCollection page = client.user.allChildren(Map.of("page_size", 2));
      while (true) {
        assertThat(page.getChildren()).hasSizeLessThanOrEqualTo(2);
        page.getChildren().forEach(child -> walked.add(child.getId()));
        if (!page.getHasMore()) {
          break;
        }
        page = client.user.getNextPage(page, 2);
      }
      assertThat(walked).doesNotHaveDuplicates().containsSubsequence(created);
      ChildUserCollection last = page;
      assertThatThrownBy(() -> client.user.getNextPage(last, 2))
          .isInstanceOf(EndOfPaginationError.class);
    }

    @Test
    void updateBrandChangesTheLook() throws Exception {
      Brand brand =
          client.user.updateBrand(
              server.fact("user_id"), Map.of("color", "#123456", "theme", "theme2"));
      assertThat(brand.getId()).startsWith("brd_");
      assertThat(brand.getColor()).isEqualTo("#123456");
      assertThat(brand.getTheme()).isEqualTo("theme2");
    }

    @Test
    void aChildUsesItsOwnKey() throws Exception {
      User child = newChild("Independent");
      EasyPostClient asChild = clientOf(productionKeyOf(child));
      assertThat(asChild.user.retrieveMe().getId()).isEqualTo(child.getId());
      assertThat(asChild.user.update(child.getId(), Map.of("name", "Own name")).getName())
          .isEqualTo("Own name");
    }
  }

  /** The client reads keys only: it has no method that makes or changes one. */
  @Nested
  final class Keys {
    @Test
    void allShowsTheKeysOfTheAccountAndOfItsChildren() throws Exception {
      User child = newChild("With keys");
      ApiKeys all = client.apiKey.all();
      assertThat(all.getId()).isEqualTo(server.fact("user_id"));
      assertThat(all.getKeys())
          .extracting(ApiKey::getKey)
          .contains(server.fact("test_key"), server.fact("production_key"));
      assertThat(all.getChildren()).extracting(ApiKeys::getId).contains(child.getId());
    }

    @Test
    void retrieveApiKeysForUserFindsBothKeysOfAChildAndOfTheAccount() throws Exception {
      User child = newChild("With keys too");
      List<ApiKey> keys = client.apiKey.retrieveApiKeysForUser(child.getId());
      assertThat(keys).extracting(ApiKey::getMode).containsExactly("test", "production");
      assertThat(keys).allSatisfy(key -> assertThat(key.getId()).startsWith("ak_"));
      assertThat(client.apiKey.retrieveApiKeysForUser(server.fact("user_id"))).hasSize(2);
      assertThatThrownBy(() -> client.apiKey.retrieveApiKeysForUser("user_unknown"))
          .isInstanceOf(FilteringError.class);
    }
  }

  /** Each class of error that the server has an answer for. */
  @Nested
  final class Errors {
    @Test
    void badRequestForABodyThatIsTooDeep() {
      Map<String, Object> deep = Map.of();
      for (int i = 0; i < 70; i++) {
        deep = Map.of("deeper", deep);
      }
      Map<String, Object> body = deep;
      assertError(() -> client.user.create(body), BadRequestError.class, 400, "BAD_REQUEST");
    }

    @Test
    void unknownApiErrorForABodyThatIsTooLarge() {
      Map<String, Object> body = Map.of("name", "x".repeat(2_000_000));
      assertError(() -> client.user.create(body), UnknownApiError.class, 413, "PAYLOAD_TOO_LARGE");
    }

    @Test
    void serviceUnavailableWhilePostgresIsAway() throws Exception {
      server.postmaster().destroyForcibly();
      AtomicReference<@Nullable Throwable> refusal = new AtomicReference<>();
      Waiting.until(
          "a refusal comes",
          10,
          () -> {
            refusal.set(outcome(client.user::retrieveMe));
            return refusal.get() != null;
          });
      assertThat(refusal.get())
          .isInstanceOfSatisfying(
              ServiceUnavailableError.class,
              error -> assertThat(error.getCode()).isEqualTo("SERVICE_UNAVAILABLE"));
      Waiting.until("PostgreSQL is back", 10, () -> outcome(client.user::retrieveMe) == null);
    }

    @Test
    void internalServerErrorForWhatNobodyForesaw() throws Exception {
      tellPostgres("alter table brands rename to mislaid");
      try {
        String id = server.fact("user_id");
        APIException error =
            assertError(
                () -> client.user.updateBrand(id, Map.of("theme", "theme1")),
                InternalServerError.class,
                500,
                "INTERNAL_SERVER_ERROR");
        assertThat(error.getMessage()).doesNotContain("brands");
      } finally {
        tellPostgres("alter table mislaid rename to brands");
      }
    }

    private static void tellPostgres(String sql) throws Exception {
      PostgresAddress address = EmbeddedPostgres.attach(server.dataDir(), "postgres").orElseThrow();
      try (Connection connection =
              DriverManager.getConnection(address.jdbcUrl(), address.toProperties());
          Statement statement = connection.createStatement()) {
        statement.execute(sql);
      }
    }

    @Test
    void unauthorizedWithoutAKey() throws Exception {
      EasyPostClient nobody = clientOf(" ");
      assertError(nobody.user::retrieveMe, UnauthorizedError.class, 401, "UNAUTHORIZED");
    }

    @Test
    void forbiddenWithAnUnknownOrATestKeyOrForAChild() throws Exception {
      EasyPostClient unknown = clientOf("EZAKunknown");
      assertError(unknown.user::retrieveMe, ForbiddenError.class, 403, "APIKEY.INACTIVE");
      EasyPostClient test = clientOf(server.fact("test_key"));
      assertError(test.user::retrieveMe, ForbiddenError.class, 403, "MODE.UNAUTHORIZED");
      EasyPostClient child = clientOf(productionKeyOf(newChild("Not a parent")));
      assertError(
          () -> child.user.create(Map.of("name", "Grandchild")),
          ForbiddenError.class,
          403,
          "USER.UNAUTHORIZED");
    }

    @Test
    void notFoundForAnUnknownUser() {
      String unknown = "user_" + "0".repeat(32);
      assertError(() -> client.user.retrieve(unknown), NotFoundError.class, 404, "NOT_FOUND");
    }

    @Test
    void invalidRequestForValuesThatCannotBe() {
      APIException error =
          assertError(
              () -> client.user.create(Map.of("email", "no address")),
              InvalidRequestError.class,
              422,
              "PARAMETER.INVALID");
      assertThat(error.getErrors())
          .map(detail -> ((FieldError) detail).getField())
          .containsExactly("user.email");
      assertError(
          () -> client.user.allChildren(Map.of("page_size", 0)),
          InvalidRequestError.class,
          422,
          "PARAMETER.INVALID_TYPE");
    }

    @Test
    void rateLimitAfterFiveWrongPasswords() {
      Map<String, Object> guess =
          Map.of("email", "new@example.com", "current_password", "wrong password");
      for (int i = 0; i < 5; i++) {
        assertThat(failure(() -> client.user.update(server.fact("user_id"), guess)))
            .isInstanceOf(InvalidRequestError.class);
      }
      assertThat(failure(() -> client.user.update(server.fact("user_id"), guess)))
          .isInstanceOf(RateLimitError.class)
          .satisfies(e -> assertThat(((APIException) e).getStatusCode()).isEqualTo(429));
    }

    @Test
    void httpErrorWhereNobodyListens() throws Exception {
      EasyPostClient lost =
          new EasyPostClient(server.fact("production_key"), "https://localhost:1");
      assertThat(failure(lost.user::retrieveMe)).isInstanceOf(HttpError.class);
    }

    private static <E extends APIException> APIException assertError(
        Callable<?> call, Class<E> type, int status, String code) {
      Throwable thrown = failure(call);
      assertThat(thrown).isInstanceOf(type);
      APIException error = (APIException) thrown;
      assertThat(error.getStatusCode()).isEqualTo(status);
      assertThat(error.getCode()).isEqualTo(code);
      assertThat(error.getMessage()).isNotEmpty();
      return error;
    }
  }

  private static Throwable failure(Callable<?> call) {
    return Objects.requireNonNull(outcome(call), "no error came");
  }

  /** What a call throws; null when it succeeds. */
  private static @Nullable Throwable outcome(Callable<?> call) {
    try {
      call.call();
      return null;
    } catch (Exception e) {
      return e;
    }
  }
}
