package postern.accounts;

import java.util.List;
import postern.sql.Database;
import postern.sql.Row;

/**
 * What can be there only if a change was made by half: each of these is written in one transaction
 * with what is missing. Reads every family, for an operator.
 */
public final class HalfDone {
  /** Something that stands without what belongs to it, and how often. */
  public record Flaw(String what, long count) {}

  private static final String CHECKS =
      """
      select 'users whose parent does not exist' as what, count(*) as count
      from users u
      where parent_id is not null
        and not exists (select from users p where p.root_id = u.root_id and p.id = u.parent_id)
      union all
      select 'users that came with a user.created event and have no key left', count(*)
      from users u
      where purged_at is null
        and exists (
          select from events e
          where e.root_id = u.root_id and e.user_id = u.id and e.description = 'user.created')
        and not exists (select from api_keys k where k.user_id = u.id and k.root_id = u.root_id)
        and not exists (
          select from audit_log a
          where a.root_id = u.root_id and a.object_user = 'user_' || replace(u.id::text, '-', '')
            and a.action = 'api_key.deleted')
      union all
      select 'API keys without their user', count(*)
      from api_keys k
      where not exists (select from users u where u.root_id = k.root_id and u.id = k.user_id)
      union all
      select 'accounts without a wallet', count(*)
      from users u
      where parent_id is null and not exists (select from wallets w where w.root_id = u.root_id)
      union all
      select 'wallets without their account', count(*)
      from wallets w
      where not exists (select from users u where u.root_id = w.root_id and u.id = w.root_id)
      union all
      select 'user.created events without their user', count(*)
      from events e
      where description = 'user.created'
        and not exists (
          select from users u
          where u.root_id = e.root_id
            and u.id = replace(e.result::json ->> 'id', 'user_', '')::uuid)
      union all
      select 'payments without their method', count(*)
      from payments p
      where method_id is not null
        and not exists (
          select from payment_methods m where m.root_id = p.root_id and m.id = p.method_id)
      """;

  private final Database database;

  public HalfDone(Database database) {
    this.database = database;
  }

  /** What there is of it; empty where everything is whole. */
  public List<Flaw> find() {
    return database.read(tx -> tx.list(CHECKS, HalfDone::read)).stream()
        .filter(flaw -> flaw.count() > 0)
        .toList();
  }

  private static Flaw read(Row row) {
    return new Flaw(row.text("what"), row.bigint("count"));
  }
}
