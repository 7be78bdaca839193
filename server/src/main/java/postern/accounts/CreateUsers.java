package postern.accounts;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import postern.accounts.ContactStore.Contact;
import postern.accounts.ContactStore.Kind;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.Ids;
import postern.core.Origin;
import postern.core.Principal;
import postern.core.UserId;
import postern.journal.ChangeLog;
import postern.keys.ApiKey;
import postern.keys.Keys;
import postern.keys.NewKey;
import postern.sql.Database;
import postern.sql.GroupWriter;

/** Creates children of a parent, each with a test and a production key. */
public final class CreateUsers {
  /**
   * One child to be.
   *
   * @param name where it is missing, {@code Child Account} and the end of the new id are the name
   * @param email unique within the family
   * @param phoneNumber unique within the family; the default one, where it is missing, is not
   * @param prefix what stands before the names of parameters in messages
   */
  public record Command(
      Optional<String> name, Optional<String> email, Optional<String> phoneNumber, String prefix) {}

  /** A child that was created, and its keys: test, then production. */
  public record Created(User user, List<ApiKey> keys) {}

  /** One: more make smaller groups, which cost more than is gained while one waits for the disk. */
  private static final int LANES = 1;

  private static final int GROUP_SIZE_MAX = 256;
  private static final Duration GATHER_MAX = Duration.ofMillis(2);

  private static final int NAME_ID_LENGTH = 6;

  private final Database database;
  private final Keys keys;
  private final Ids ids;
  private final String defaultPhoneNumber;
  private final CreateGroup group;
  private final GroupWriter<CreateGroup.Child, Optional<ApiException.Invalid>> writer;

  /**
   * Makes it.
   *
   * @param defaultPhoneNumber of children that are created without one
   * @param queuedMax how many creates wait to be written at most
   */
  public CreateUsers(
      Database database,
      Keys keys,
      Ids ids,
      ChangeLog log,
      String defaultPhoneNumber,
      int queuedMax) {
    this.database = database;
    this.keys = keys;
    this.ids = ids;
    this.defaultPhoneNumber = defaultPhoneNumber;
    this.group = new CreateGroup(keys, log);
    this.writer =
        new GroupWriter<>(
            database,
            group::run,
            new GroupWriter.Limits(LANES, queuedMax, GROUP_SIZE_MAX, GATHER_MAX));
  }

  /**
   * Creates a child, in one transaction with those that others ask for at the same time.
   *
   * @throws ApiException.Refused if the caller is a child
   * @throws ApiException.Invalid if another user of the family has the e-mail address or the phone
   *     number
   * @throws ApiException.RetryLater if too many creates wait
   */
  public Created run(Principal caller, Command command) {
    CreateGroup.Child child = child(caller, command);
    return createdOrRefused(child, writer.run(child.origin().requestId(), child));
  }

  /**
   * Creates them all or, if one of them cannot be, none: in as many statements as for one.
   *
   * @return what was created, in the order of the commands
   * @throws ApiException.Refused if the caller is a child
   * @throws ApiException.Invalid if another user of the family has the e-mail address or the phone
   *     number
   */
  public List<Created> run(Principal caller, List<Command> commands) {
    List<CreateGroup.Child> children =
        commands.stream().map(command -> child(caller, command)).toList();
    return database.write(
        tx -> {
          List<Optional<ApiException.Invalid>> refusals = group.run(tx, children);
          return IntStream.range(0, children.size())
              .mapToObj(i -> createdOrRefused(children.get(i), refusals.get(i)))
              .toList();
        });
  }

  private static Created createdOrRefused(
      CreateGroup.Child child, Optional<ApiException.Invalid> refusal) {
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    return child.created();
  }

  /** On the caller's thread: many can be made at once, but they are written one group at a time. */
  private CreateGroup.Child child(Principal caller, Command command) {
    if (!caller.isRoot()) {
      throw new ApiException.Refused(ErrorCode.USER_UNAUTHORIZED);
    }
    Instant now = database.now();
    User user = userOf(caller.root(), command, now);
    List<NewKey> pair = keys.nextPair(user.root(), user.id(), now);
    return new CreateGroup.Child(
        user,
        Origin.current(),
        contactsOf(user.root(), command),
        command.prefix(),
        pair,
        UserFacts.created(user, pair));
  }

  private User userOf(UserId root, Command command, Instant now) {
    UserId id = ids.user(now);
    String hex = id.hex();
    String name =
        command.name().orElse("Child Account " + hex.substring(hex.length() - NAME_ID_LENGTH));
    return new User(
        id,
        root,
        root,
        ids.brand(now),
        name,
        command.email().orElse(null),
        command.phoneNumber().orElse(defaultPhoneNumber),
        Recharge.NONE,
        null,
        now,
        null);
  }

  private static List<Contact> contactsOf(UserId root, Command command) {
    return Stream.concat(
            command.email().map(value -> Contact.of(root, Kind.EMAIL, value)).stream(),
            command.phoneNumber().map(value -> Contact.of(root, Kind.PHONE_NUMBER, value)).stream())
        .toList();
  }
}
