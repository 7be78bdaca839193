package postern.main;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import postern.accounts.CreateAccount;
import postern.config.RefusedException;
import postern.core.ApiException;
import postern.core.Mode;
import postern.core.UserId;
import postern.json.Json;
import postern.json.JsonException;
import postern.keys.ApiKey;

/**
 * The parent account of a developer's server. What nobody could know otherwise, its password, is
 * kept in {@code DIR/dev-account.json}; its keys are in the database.
 */
record DevAccount(
    UserId user, String email, String password, String testKey, String productionKey) {
  private static final String FILE_NAME = "dev-account.json";
  private static final String EMAIL = "dev@postern.localhost";
  private static final int PASSWORD_BYTES = 12;

  /** The account of an earlier start, or a new one. */
  static DevAccount openOrCreate(Path dataDir, Services services) {
    Path file = dataDir.resolve(FILE_NAME);
    return (Files.exists(file) ? read(file, services) : Optional.<DevAccount>empty())
        .orElseGet(() -> create(file, services));
  }

  private static Optional<DevAccount> read(Path file, Services services) {
    Map<?, ?> known = membersOf(file);
    if (!(known.get("user_id") instanceof String id)
        || !(known.get("email") instanceof String email)
        || !(known.get("password") instanceof String password)) {
      throw new RefusedException(file + " is damaged; move it away and start again");
    }
    UserId user = UserId.parse(id).orElseThrow();
    List<ApiKey> keys =
        services.database.read(
            tx -> services.keys.of(tx, user, List.of(user)).getOrDefault(user, List.of()));
    return keys.isEmpty() ? Optional.empty() : Optional.of(of(user, email, password, keys));
  }

  private static DevAccount create(Path file, Services services) {
    byte[] random = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(random);
    String password = HexFormat.of().formatHex(random);
    CreateAccount.Created created = createWithFreeEmail(services, password);
    UserId user = created.user().id();
    String email = String.valueOf(created.user().email());
    PrivateFiles.write(
        file,
        Json.bytes(
            out ->
                out.startObject()
                    .text("user_id", user)
                    .text("email", email)
                    .text("password", password)
                    .endObject()));
    return of(user, email, password, created.keys());
  }

  /** A start that was killed between the account and its file left the address taken. */
  private static CreateAccount.Created createWithFreeEmail(Services services, String password) {
    try {
      return services.opening.createAccount.run(command(EMAIL, password));
    } catch (ApiException.Invalid taken) {
      return services.opening.createAccount.run(
          command("dev-" + password.substring(0, 6) + "@postern.localhost", password));
    }
  }

  private static CreateAccount.Command command(String email, String password) {
    return CreateAccount.Command.checked("Development Account", email, Optional.of(password), true);
  }

  private static DevAccount of(UserId user, String email, String password, List<ApiKey> keys) {
    return new DevAccount(
        user, email, password, keyOf(keys, Mode.TEST), keyOf(keys, Mode.PRODUCTION));
  }

  /** The oldest live key of a mode; a developer may have disabled or deleted the first. */
  private static String keyOf(List<ApiKey> keys, Mode mode) {
    return keys.stream()
        .filter(key -> key.mode() == mode && key.active())
        .map(ApiKey::text)
        .findFirst()
        .orElse("");
  }

  private static Map<?, ?> membersOf(Path file) {
    try {
      @Nullable Object root = Json.parse(Files.readAllBytes(file));
      return root instanceof Map<?, ?> members ? members : Map.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (JsonException e) {
      return Map.of();
    }
  }

  /** Without its secrets: this may end in a log. */
  @Override
  public String toString() {
    return "DevAccount[" + user + "]";
  }
}
