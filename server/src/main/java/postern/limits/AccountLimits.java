package postern.limits;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import postern.core.Mode;
import postern.core.Rate;
import postern.core.UserId;
import postern.journal.Change;
import postern.journal.ChangeLog;
import postern.sql.Database;

/**
 * The limits that accounts have of their own. All of them are kept in memory and are read anew when
 * one changes, on every node. Safe for many threads.
 */
public final class AccountLimits {
  /** Where nodes tell each other that a limit has changed. */
  public static final String CHANNEL = "postern_limits";

  private final Database database;
  private final ChangeLog log;
  private volatile Map<UserId, Map<Limit, Rate>> known = Map.of();

  public AccountLimits(Database database, ChangeLog log) {
    this.database = database;
    this.log = log;
  }

  /** Reads all of them. */
  public void reload() {
    known = database.read(LimitStore::all);
  }

  /** Those of an account that are its own. */
  public Map<Limit, Rate> of(UserId root) {
    return known.getOrDefault(root, Map.of());
  }

  /** Gives an account a limit of its own, or takes it away: in force within a second everywhere. */
  public void set(UserId root, Limit limit, Optional<Rate> rate) {
    database.write(
        tx -> {
          Optional<Rate> before = LimitStore.find(tx, root, limit);
          rate.ifPresentOrElse(
              given -> LimitStore.put(tx, root, limit, given),
              () -> LimitStore.delete(tx, root, limit));
          log.record(tx, root, List.of(change(root, limit, before, rate)));
          tx.announce(CHANNEL, List.of(root.toString()));
          return root;
        });
  }

  private static Change change(
      UserId root, Limit limit, Optional<Rate> before, Optional<Rate> after) {
    return new Change(
            "limit.updated",
            root,
            root.toString(),
            limit.wireName(),
            facts(limit, before),
            facts(limit, after))
        .in(Mode.PRODUCTION);
  }

  private static Map<String, @Nullable Object> facts(Limit limit, Optional<Rate> rate) {
    Map<String, @Nullable Object> facts = new LinkedHashMap<>();
    facts.put("object", "Limit");
    facts.put("name", limit.wireName());
    facts.put("rate", rate.map(Rate::toString).orElse("default"));
    return facts;
  }
}
