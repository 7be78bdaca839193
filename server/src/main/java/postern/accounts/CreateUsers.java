package postern.accounts;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.Ids;
import postern.core.Origin;
import postern.core.Principal;
import postern.journal.ChangeLog;
import postern.keys.ApiKey;
import postern.keys.Keys;
import postern.sql.Database;
import postern.sql.GroupWriter;

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

  /** One: more make smaller groups, which cost more than is gained while one waits for the disk. */
  private static final int LANES = 1;

  private static final int GROUP_SIZE_MAX = 256;
  private static final Duration GATHER_MAX = Duration.ofMillis(2);

  private final Database database;
  private final CreateGroup group;
  private final GroupWriter<CreateGroup.Order, CreateGroup.Result> writer;

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
    this.group = new CreateGroup(keys, ids, log, defaultPhoneNumber);
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
   * @throws ApiException.Invalid if an e-mail address or a phone number is taken
   * @throws ApiException.RetryLater if too many creates wait
   */
  public Created run(Principal caller, Command command) {
    CreateGroup.Order order = order(caller, command);
    return createdOrRefused(writer.run(order.origin().requestId(), order));
  }

  /**
   * Creates them all or, if one of them cannot be, none: in as many statements as for one.
   *
   * @return what was created, in the order of the commands
   * @throws ApiException.Refused if the caller is a child
   * @throws ApiException.Invalid if an e-mail address or a phone number is taken
   */
  public List<Created> run(Principal caller, List<Command> commands) {
    List<CreateGroup.Order> orders =
        commands.stream().map(command -> order(caller, command)).toList();
    return database.write(
        tx -> group.run(tx, orders).stream().map(CreateUsers::createdOrRefused).toList());
  }

  private static CreateGroup.Order order(Principal caller, Command command) {
    if (!caller.isRoot()) {
      throw new ApiException.Refused(ErrorCode.USER_UNAUTHORIZED);
    }
    return new CreateGroup.Order(caller.root(), Origin.current(), command);
  }

  private static Created createdOrRefused(CreateGroup.Result result) {
    return switch (result) {
      case CreateGroup.Result.Done(Created created) -> created;
      case CreateGroup.Result.Refused(ApiException.Invalid reason) -> throw reason;
    };
  }
}
