package postern.accounts;

import java.util.List;
import java.util.function.Consumer;
import postern.core.UserId;
import postern.people.Members;
import postern.sql.Database;

/** The reads of an operator: across families, which no caller of the API can do. */
public final class Accounts {
  /**
   * A top-level user.
   *
   * @param partner whether it may have referral customers
   * @param children how many living children it has
   */
  public record Account(User user, boolean partner, long children) {}

  private static final int BATCH_SIZE = 500;

  private static final int FOUND_MAX = 5;

  private final Database database;
  private final Members members;

  public Accounts(Database database, Members members) {
    this.database = database;
    this.members = members;
  }

  /**
   * The accounts that an operator may mean: the one with an ID, or the one whose owner logs in with
   * an e-mail address, or else those that have the address.
   *
   * @return five at most
   */
  public List<UserId> find(String idOrEmail) {
    return database.read(
        tx ->
            UserId.parse(idOrEmail)
                .filter(id -> UserStore.find(tx, id, id).isPresent())
                .or(() -> members.accountOf(tx, idOrEmail))
                .map(List::of)
                .orElseGet(() -> ContactStore.accountsWith(tx, idOrEmail, FOUND_MAX)));
  }

  /** Goes through all top-level accounts, oldest first, in constant memory. */
  public void forEach(Consumer<Account> action) {
    Position after = Position.FIRST;
    List<Account> batch;
    do {
      Position from = after;
      batch = database.read(tx -> UserStore.accounts(tx, from, BATCH_SIZE));
      batch.forEach(action);
      if (!batch.isEmpty()) {
        User last = batch.getLast().user();
        after = new Position(last.createdAt(), last.id().uuid());
      }
    } while (batch.size() == BATCH_SIZE);
  }
}
