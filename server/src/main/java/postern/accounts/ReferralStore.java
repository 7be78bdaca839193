package postern.accounts;

import static postern.sql.Columns.column;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import postern.core.UserId;
import postern.sql.Tx;

/**
 * The SQL of what partners and referral customers are to each other. Every statement names the
 * partner: it is what a partner may see beyond its own family.
 */
final class ReferralStore {
  private ReferralStore() {}

  static boolean isPartner(Tx tx, UserId root) {
    return tx.one(
            "select partner from users where root_id = ? and id = ?",
            row -> row.flag("partner"),
            root.uuid(),
            root.uuid())
        .orElse(false);
  }

  /** The partner that has brought a top-level user. */
  static Optional<UserId> partnerOf(Tx tx, UserId root) {
    return tx.one(
        "select partner_id from users where root_id = ? and id = ? and partner_id is not null",
        row -> new UserId(row.uuid("partner_id")),
        root.uuid(),
        root.uuid());
  }

  static void setPartnerOf(Tx tx, UserId root, UserId partner) {
    tx.execute(
        "update users set partner_id = ? where root_id = ? and id = ?",
        partner.uuid(),
        root.uuid(),
        root.uuid());
  }

  /** Where a referral customer of the partner stands in its list. */
  static Optional<Position> position(Tx tx, UserId partner, UserId id) {
    return tx.one(
        "select created_at, id from users where partner_id = ? and root_id = ? and id = ?",
        row -> new Position(row.time("created_at"), row.uuid("id")),
        partner.uuid(),
        id.uuid(),
        id.uuid());
  }

  /** Referral customers of the partner in the order of a page, one more than it shows. */
  static List<User> list(Tx tx, UserId partner, ChildPage page) {
    String direction = page.ascending() ? "asc" : "desc";
    return tx.list(
        "select"
            + UserStore.COLUMNS
            + "from users where partner_id = ? and (created_at, id) > (?, ?)"
            + " and (created_at, id) < (?, ?) order by created_at "
            + (direction + ", id " + direction + " limit ?"),
        UserStore::read,
        partner.uuid(),
        page.after().createdAt(),
        page.after().id(),
        page.before().createdAt(),
        page.before().id(),
        page.size() + 1);
  }

  /** Those of some top-level users that have children. */
  static Set<UserId> parents(Tx tx, List<UserId> roots) {
    return new HashSet<>(
        tx.list(
            """
            select root_id
            from unnest(?::uuid[]) as given (root_id)
            where exists (
              select from users u
              where u.root_id = given.root_id and u.parent_id is not null and u.deleted_at is null)
            """,
            row -> new UserId(row.uuid("root_id")),
            (Object) column(roots, UUID[]::new, UserId::uuid)));
  }
}
