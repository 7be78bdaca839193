package postern.accounts;

import java.util.List;
import java.util.function.Supplier;
import postern.core.ApiException;
import postern.core.Principal;
import postern.core.UserId;
import postern.journal.Change;
import postern.journal.ChangeLog;
import postern.sql.Database;

/** The brands of users: one each, from the beginning. Safe for many threads. */
public final class Brands {
  private final Database database;
  private final ChangeLog log;
  private final Supplier<Brand.Look> defaults;

  /**
   * Makes the reads and writes of brands.
   *
   * @param defaults what is shown where a user has set nothing
   */
  public Brands(Database database, ChangeLog log, Supplier<Brand.Look> defaults) {
    this.database = database;
    this.log = log;
    this.defaults = defaults;
  }

  /**
   * The brand of a user that the caller can see.
   *
   * @throws ApiException.Refused with {@code NOT_FOUND} otherwise
   */
  public Brand get(Principal caller, UserId id) {
    return database.read(
        tx -> {
          User user = Users.find(tx, caller, id);
          Brand.Look own = BrandStore.find(tx, caller.root(), id).orElse(Brand.Look.NONE);
          return new Brand(user.brand(), id, own.over(defaults.get()));
        });
  }

  /**
   * Sets what the look has; the rest stays as it is.
   *
   * @throws ApiException.Refused with {@code NOT_FOUND} if the caller cannot see the user
   */
  public Brand update(Principal caller, UserId id, Brand.Look look) {
    return database.write(
        tx -> {
          User user = Users.findForUpdate(tx, caller, id);
          Brand.Look before = BrandStore.find(tx, caller.root(), id).orElse(Brand.Look.NONE);
          Brand.Look after = BrandStore.merge(tx, caller.root(), id, look);
          if (!after.equals(before)) {
            log.record(tx, caller.root(), List.of(updated(user, before, after)));
          }
          return new Brand(user.brand(), id, after.over(defaults.get()));
        });
  }

  private static Change updated(User user, Brand.Look before, Brand.Look after) {
    return new Change(
        "brand.updated",
        user.id(),
        user.brand().toString(),
        user.name(),
        UserFacts.of(new Brand(user.brand(), user.id(), before)),
        UserFacts.of(new Brand(user.brand(), user.id(), after)));
  }
}
