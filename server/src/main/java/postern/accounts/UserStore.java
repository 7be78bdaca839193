package postern.accounts;

import static postern.sql.ArrayType.INT8S;
import static postern.sql.ArrayType.TEXTS;
import static postern.sql.ArrayType.TIMESTAMPTZS;
import static postern.sql.ArrayType.UUIDS;
import static postern.sql.Columns.column;
import static postern.sql.Columns.row;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import postern.billing.SpendLimit;
import postern.core.BrandId;
import postern.core.UserId;
import postern.sql.ArrayType;
import postern.sql.Columns;
import postern.sql.Row;
import postern.sql.Tx;

/** The SQL of {@code users}. */
final class UserStore {
  static final String COLUMNS =
      " id, root_id, parent_id, brand_id, name, email, phone_number, recharge_amount_micros,"
          + " secondary_recharge_amount_micros, recharge_threshold_micros, spend_limit_micros, spend_period, created_at,"
          + " deleted_at ";

  private static final String LIVE_CHILDREN =
      """
      from users
      where root_id = ? and parent_id is not null and deleted_at is null
        and (created_at, id) > (?, ?)
      order by created_at, id
      limit ?
      """;

  private static final List<ArrayType> NEW_USER =
      List.of(UUIDS, UUIDS, UUIDS, UUIDS, TEXTS, TEXTS, TEXTS, INT8S, INT8S, INT8S, TIMESTAMPTZS);

  /** So many of the names that match, and of the addresses, are looked at for a page. */
  private static final int MATCHES_MAX = 1_000;

  /**
   * Ranges in place of {@code like}: a statement that is planned once for all texts could not use
   * an index for that. The last character there is ends the range.
   */
  static final String SEARCH =
      """
      with found as materialized (
        (select %1$s from users
         where root_id = ? and parent_id is not null and deleted_at is null
           and lower(name) ~>=~ lower(?) and lower(name) ~<~ (lower(?) || U&'\\+10FFFF')
         order by lower(name) using ~<~ limit ?)
        union
        (select %1$s from users
         where root_id = ? and parent_id is not null and deleted_at is null and email is not null
           and lower(email) ~>=~ lower(?) and lower(email) ~<~ (lower(?) || U&'\\+10FFFF')
         order by lower(email) using ~<~ limit ?)
      )
      select *
      from found
      where (created_at, id) < (?, ?)
      order by created_at desc, id desc
      limit ?
      """
          .formatted(COLUMNS);

  private UserStore() {}

  /** Writes new users: as many as there are in one statement. */
  static void insert(Tx tx, List<User> users) {
    tx.executeLater(
        """
        insert into users (root_id, id, parent_id, brand_id, name, email, phone_number,
          recharge_amount_micros, secondary_recharge_amount_micros, recharge_threshold_micros,
          created_at, updated_at)
        select root_id, id, parent_id, brand_id, name, email, phone_number,
          amount, secondary_amount, threshold, created_at, created_at
        from unnest(?::uuid[], ?::uuid[], ?::uuid[], ?::uuid[], ?::text[], ?::text[], ?::text[],
            ?::int8[], ?::int8[], ?::int8[], ?::timestamptz[])
          as new (root_id, id, parent_id, brand_id, name, email, phone_number,
            amount, secondary_amount, threshold, created_at)
        """,
        Columns.of(
            NEW_USER,
            users,
            user ->
                row(
                    user.root().uuid(),
                    user.id().uuid(),
                    user.parent() == null ? null : user.parent().uuid(),
                    user.brand().uuid(),
                    user.name(),
                    user.email(),
                    user.phoneNumber(),
                    user.recharge().amountMicros(),
                    user.recharge().secondaryAmountMicros(),
                    user.recharge().thresholdMicros(),
                    user.createdAt())));
  }

  static Optional<User> find(Tx tx, UserId root, UserId id) {
    return tx.one(
        "select" + COLUMNS + "from users where root_id = ? and id = ? and deleted_at is null",
        UserStore::read,
        root.uuid(),
        id.uuid());
  }

  /** The user, kept as it is until the transaction ends. */
  static Optional<User> findForUpdate(Tx tx, UserId root, UserId id) {
    return tx.one(
        "select"
            + COLUMNS
            + "from users where root_id = ? and id = ? and deleted_at is null for update",
        UserStore::read,
        root.uuid(),
        id.uuid());
  }

  /**
   * Whether the user lives; if so it does until the transaction ends. Of several transactions that
   * ask, one goes on at a time, so that what they then count about the user stays right.
   */
  static boolean isLive(Tx tx, UserId root, UserId id) {
    return tx.one(
            """
            select id
            from users
            where root_id = ? and id = ? and deleted_at is null
            for no key update
            """,
            row -> true,
            root.uuid(),
            id.uuid())
        .isPresent();
  }

  static void update(Tx tx, User user) {
    tx.execute(
        """
        update users
        set name = ?, email = ?, phone_number = ?, recharge_amount_micros = ?,
          secondary_recharge_amount_micros = ?, recharge_threshold_micros = ?,
          spend_limit_micros = ?, spend_period = ?, updated_at = ?
        where root_id = ? and id = ?
        """,
        user.name(),
        user.email(),
        user.phoneNumber(),
        user.recharge().amountMicros(),
        user.recharge().secondaryAmountMicros(),
        user.recharge().thresholdMicros(),
        user.spendLimit() == null ? null : user.spendLimit().limitMicros(),
        user.spendLimit() == null ? null : user.spendLimit().period().wireName(),
        tx.now(),
        user.root().uuid(),
        user.id().uuid());
  }

  /** Top-level users of all families, because an operator asks. */
  static List<Accounts.Account> accounts(Tx tx, Position after, int limit) {
    return tx.list(
        "select"
            + COLUMNS
            + """
            , partner,
              (select count(*) from users as child
               where child.root_id = users.root_id and child.parent_id is not null
                 and child.deleted_at is null) as children
            from users
            where parent_id is null and (created_at, id) > (?, ?)
            order by created_at, id
            limit ?
            """,
        row -> new Accounts.Account(read(row), row.flag("partner"), row.bigint("children")),
        after.createdAt(),
        after.id(),
        limit);
  }

  /** Lets a top-level user have referral customers. */
  static void setPartner(Tx tx, UserId root) {
    tx.execute(
        "update users set partner = true where root_id = ? and id = ?", root.uuid(), root.uuid());
  }

  /** Children of a family in the order of a page, at most one more than it shows. */
  static List<User> children(Tx tx, UserId root, ChildPage page) {
    String direction = page.ascending() ? "asc" : "desc";
    List<Object> arguments = new ArrayList<>(List.of(root.uuid()));
    page.deletedAfter().ifPresent(arguments::add);
    arguments.addAll(
        List.of(
            page.after().createdAt(),
            page.after().id(),
            page.before().createdAt(),
            page.before().id(),
            page.size() + 1));
    String state =
        page.deletedAfter().isPresent()
            ? "deleted_at > ? and purged_at is null"
            : "deleted_at is null";
    return tx.list(
        "select"
            + COLUMNS
            + "from users where root_id = ? and parent_id is not null and "
            + state
            + " and (created_at, id) > (?, ?) and (created_at, id) < (?, ?)"
            + (" order by created_at " + direction + ", id " + direction + " limit ?"),
        UserStore::read,
        arguments.toArray());
  }

  /** Living children of a family, oldest first. */
  static List<User> liveChildren(Tx tx, UserId root, Position after, int limit) {
    return tx.list(
        "select" + COLUMNS + LIVE_CHILDREN, UserStore::read, liveChildrenAfter(root, after, limit));
  }

  /** Where the living children of a family stand, oldest first. */
  static List<Position> livePositions(Tx tx, UserId root, Position after, int limit) {
    return tx.list(
        "select created_at, id " + LIVE_CHILDREN,
        UserStore::position,
        liveChildrenAfter(root, after, limit));
  }

  private static Object[] liveChildrenAfter(UserId root, Position after, int limit) {
    return new Object[] {root.uuid(), after.createdAt(), after.id(), limit};
  }

  /** Children whose name or address begins with a text, the newest first. */
  static List<User> search(Tx tx, UserId root, String text, Position before, int limit) {
    return tx.list(
        SEARCH,
        UserStore::read,
        root.uuid(),
        text,
        text,
        MATCHES_MAX,
        root.uuid(),
        text,
        text,
        MATCHES_MAX,
        before.createdAt(),
        before.id(),
        limit);
  }

  static int countChildren(Tx tx, UserId root, int max) {
    return tx.one(
            """
            select count(*)::int as children
            from (
              select from users
              where root_id = ? and parent_id is not null and deleted_at is null
              limit ?
            ) as counted
            """,
            row -> row.integer("children"),
            root.uuid(),
            max + 1)
        .orElse(0);
  }

  /**
   * Where a user of the family stands in its lists, also when nothing but its tombstone is left.
   */
  static Optional<Position> position(Tx tx, UserId root, UserId id) {
    return tx.one(
        "select created_at, id from users where root_id = ? and id = ?",
        UserStore::position,
        root.uuid(),
        id.uuid());
  }

  private static Position position(Row row) {
    return new Position(row.time("created_at"), row.uuid("id"));
  }

  /** Deletes a living child: what it was; empty where there is none. */
  static Optional<User> delete(Tx tx, UserId root, UserId id) {
    return tx.one(
        """
        update users
        set deleted_at = ?, updated_at = ?
        where root_id = ? and id = ? and parent_id is not null and deleted_at is null
        returning
        """
            + COLUMNS,
        UserStore::read,
        tx.now(),
        tx.now(),
        root.uuid(),
        id.uuid());
  }

  /** Brings back a child that was deleted after a moment and is not purged. */
  static Optional<User> restore(Tx tx, UserId root, UserId id, Instant deletedAfter) {
    return tx.one(
        """
        update users
        set deleted_at = null, updated_at = ?
        where root_id = ? and id = ? and purged_at is null and deleted_at > ?
        returning
        """
            + COLUMNS,
        UserStore::read,
        tx.now(),
        root.uuid(),
        id.uuid(),
        deletedAfter);
  }

  /** The families that have children to purge, and these; across families, because a job asks. */
  static List<Tombstone> due(Tx tx, Instant deletedBefore, int limit) {
    return tx.list(
        """
        select root_id, id
        from users
        where deleted_at <= ? and purged_at is null
        order by deleted_at
        limit ?
        for update skip locked
        """,
        row -> new Tombstone(new UserId(row.uuid("root_id")), new UserId(row.uuid("id"))),
        deletedBefore,
        limit);
  }

  static void purge(Tx tx, UserId root, List<UserId> users) {
    tx.execute(
        """
        update users
        set name = null, email = null, phone_number = null,
          recharge_amount_micros = null, secondary_recharge_amount_micros = null,
          recharge_threshold_micros = null, spend_limit_micros = null, spend_period = null,
          purged_at = ?
        where root_id = ? and id = any(?::uuid[])
        """,
        tx.now(),
        root.uuid(),
        column(users, UUID[]::new, UserId::uuid));
  }

  /** A user of which nothing but ids and times is to be left. */
  record Tombstone(UserId root, UserId user) {}

  static User read(Row row) {
    return new User(
        new UserId(row.uuid("id")),
        new UserId(row.uuid("root_id")),
        row.uuidIfAny("parent_id").map(UserId::new).orElse(null),
        new BrandId(row.uuid("brand_id")),
        row.text("name"),
        row.textIfAny("email").orElse(null),
        row.textIfAny("phone_number").orElse(null),
        new Recharge(
            row.bigintIfAny("recharge_amount_micros").orElse(null),
            row.bigintIfAny("secondary_recharge_amount_micros").orElse(null),
            row.bigintIfAny("recharge_threshold_micros").orElse(null)),
        spendLimit(row).orElse(null),
        row.time("created_at"),
        row.timeIfAny("deleted_at").orElse(null));
  }

  private static Optional<SpendLimit> spendLimit(Row row) {
    return row.bigintIfAny("spend_limit_micros")
        .map(
            micros ->
                new SpendLimit(
                    micros, SpendLimit.Period.parse(row.text("spend_period")).orElseThrow()));
  }
}
