package postern.accounts;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import postern.accounts.ContactStore.Kind;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.Ids;
import postern.core.Principal;
import postern.core.UserId;
import postern.journal.Change;
import postern.journal.ChangeLog;
import postern.keys.ApiKey;
import postern.keys.KeyFacts;
import postern.keys.Keys;
import postern.sql.Database;
import postern.sql.Tx;

/** Creates children of a parent, each with a test and a production key. */
public final class CreateUsers {
  /**
   * One child to be.
   *
   * @param name where it is missing, {@code Child Account} and the end of the new id are the name
   * @param email unique on the whole server
   * @param phoneNumber unique on the whole server; the default one, where it is missing, is not
   * @param prefix what stands before the names of parameters in messages
   */
  public record Command(
      Optional<String> name, Optional<String> email, Optional<String> phoneNumber, String prefix) {}

  /** A child that was created, and its keys: test, then production. */
  public record Created(User user, List<ApiKey> keys) {}

  private static final int NAME_ID_LENGTH = 6;

  private final Database database;
  private final Keys keys;
  private final Ids ids;
  private final ChangeLog log;
  private final String defaultPhoneNumber;

  public CreateUsers(
      Database database, Keys keys, Ids ids, ChangeLog log, String defaultPhoneNumber) {
    this.database = database;
    this.keys = keys;
    this.ids = ids;
    this.log = log;
    this.defaultPhoneNumber = defaultPhoneNumber;
  }

  /**
   * Creates them all or, if one of them cannot be, none: in as many statements as for one.
   *
   * @return what was created, in the order of the commands
   * @throws ApiException.Refused if the caller is a child
   * @throws ApiException.Invalid if an e-mail address or a phone number is taken
   */
  public List<Created> run(Principal caller, List<Command> commands) {
    if (!caller.isRoot()) {
      throw new ApiException.Refused(ErrorCode.USER_UNAUTHORIZED);
    }
    return database.write(tx -> runIn(tx, caller.root(), commands));
  }

  private List<Created> runIn(Tx tx, UserId root, List<Command> commands) {
    List<User> users = new ArrayList<>(commands.size());
    for (Command command : commands) {
      User user = userOf(tx, root, command);
      takeContacts(tx, user, command);
      users.add(user);
    }
    UserStore.insert(tx, users);
    Map<UserId, List<ApiKey>> issued =
        keys.issuePairs(tx, root, users.stream().map(User::id).toList());
    log.record(tx, root, changes(users, issued));
    return users.stream()
        .map(user -> new Created(user, issued.getOrDefault(user.id(), List.of())))
        .toList();
  }

  private static List<Change> changes(List<User> users, Map<UserId, List<ApiKey>> issued) {
    List<Change> changes = new ArrayList<>(users.size() * 3);
    for (User user : users) {
      changes.add(UserFacts.created(user));
      issued.getOrDefault(user.id(), List.of()).forEach(key -> changes.add(KeyFacts.created(key)));
    }
    return changes;
  }

  private static void takeContacts(Tx tx, User user, Command command) {
    command.email().ifPresent(value -> take(tx, user, Kind.EMAIL, value, command, "email"));
    command
        .phoneNumber()
        .ifPresent(value -> take(tx, user, Kind.PHONE_NUMBER, value, command, "phone_number"));
  }

  private static void take(
      Tx tx, User user, Kind kind, String value, Command command, String field) {
    ContactStore.take(tx, user.root(), user.id(), kind, value, command.prefix() + field);
  }

  private User userOf(Tx tx, UserId root, Command command) {
    UserId id = ids.user(tx.now());
    String hex = id.hex();
    String name =
        command.name().orElse("Child Account " + hex.substring(hex.length() - NAME_ID_LENGTH));
    return new User(
        id,
        root,
        root,
        ids.brand(tx.now()),
        name,
        command.email().orElse(null),
        command.phoneNumber().orElse(defaultPhoneNumber),
        Recharge.NONE,
        null,
        tx.now(),
        null);
  }
}
