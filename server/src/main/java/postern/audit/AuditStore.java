package postern.audit;

import static postern.sql.ArrayType.TEXTS;
import static postern.sql.ArrayType.TIMESTAMPTZS;
import static postern.sql.ArrayType.UUIDS;
import static postern.sql.Columns.column;
import static postern.sql.Columns.row;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import postern.core.AuditId;
import postern.core.UserId;
import postern.sql.ArrayType;
import postern.sql.Columns;
import postern.sql.Page;
import postern.sql.Row;
import postern.sql.Tx;

/** The SQL of {@code audit_log} and its chain. */
final class AuditStore {
  /**
   * A row without a place in the chain.
   *
   * @param written counts rows in the order in which they were written
   */
  record Unchained(AuditEntry entry, long written) {}

  /** The end of a family's chain. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Head(UserId root, long seq, byte[] hash) {}

  /** A signed end of a family's chain. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Checkpoint(UserId root, long seq, byte[] hash, byte[] signature) {}

  private static final String COLUMNS =
      """
       root_id, id, created_at, actor_kind, actor_id, actor_user, actor_name, action, object_id,
        object_user, object_name, before, after, address, client, request_id, outcome, error_code,
        seq, hash
      """;

  /** Of the texts of a row that may be long; a caller chooses what {@code client} holds. */
  private static final String BYTES =
      "octet_length(before) + octet_length(after) + octet_length(client)";

  /** What is written, and {@code user_id}: of whom the actor's name is taken. */
  private static final List<ArrayType> NEW_ENTRY =
      List.of(
          UUIDS,
          UUIDS,
          TIMESTAMPTZS,
          TEXTS,
          TEXTS,
          TEXTS,
          TEXTS,
          UUIDS,
          TEXTS,
          TEXTS,
          TEXTS,
          TEXTS,
          TEXTS,
          TEXTS,
          TEXTS,
          TEXTS,
          TEXTS,
          TEXTS);

  private AuditStore() {}

  /**
   * Writes rows in their order. A key's actor gets the name that its user has now. The limit takes
   * nothing away: without it the planner takes the look-ups of names for so dear that it plans each
   * insert anew, which costs more than they do.
   */
  static void insert(Tx tx, List<AuditEntry> entries) {
    tx.executeLater(
        """
        insert into audit_log (root_id, id, created_at, actor_kind, actor_id, actor_user, actor_name,
          action, object_id, object_user, object_name, before, after, address, client, request_id,
          outcome, error_code)
        select n.root_id, n.id, n.created_at, n.actor_kind, n.actor_id, n.actor_user,
          coalesce(nullif(n.actor_name, ''),
            (select name from users u where u.root_id = n.root_id and u.id = n.user_id), ''),
          n.action, n.object_id, n.object_user, n.object_name, n.before, n.after, n.address,
          n.client, n.request_id, case when n.error_code = '' then 'ok' else 'refused' end,
          n.error_code
        from (
          select *
          from unnest(?::uuid[], ?::uuid[], ?::timestamptz[], ?::text[], ?::text[], ?::text[],
            ?::text[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
            ?::text[], ?::text[], ?::text[], ?::text[]) with ordinality
            as new (root_id, id, created_at, actor_kind, actor_id, actor_user, actor_name, user_id,
              action, object_id, object_user, object_name, before, after, address, client,
              request_id, error_code, place)
          order by place
          limit ?
        ) n
        order by n.place
        """,
        Columns.of(
            NEW_ENTRY,
            entries,
            entry ->
                row(
                    entry.root().uuid(),
                    entry.id().uuid(),
                    entry.createdAt(),
                    entry.actor().kind(),
                    entry.actor().id(),
                    entry.actor().user(),
                    entry.actor().name(),
                    UserId.parse(entry.actor().user()).orElse(AuditEntry.NO_FAMILY).uuid(),
                    entry.action(),
                    entry.object().id(),
                    entry.object().user(),
                    entry.object().name(),
                    entry.before(),
                    entry.after(),
                    entry.source().address(),
                    entry.source().client(),
                    entry.source().requestId(),
                    entry.errorCode())),
        entries.size());
  }

  /** Rows of one family and its refused requests, newest first, or oldest first. */
  static Page<AuditEntry> list(Tx tx, UserId root, AuditQuery query, int limit) {
    String order = query.isAscending() ? "id asc" : "id desc";
    // One more of each kind than the page has: it tells whether the list goes on.
    int limitEach = limit + 1;
    List<Object> arguments = new ArrayList<>();
    StringBuilder sql = new StringBuilder("select * from (select").append(COLUMNS);
    sql.append("from audit_log");
    where(sql, arguments, root, query);
    query.object().ifPresent(object -> equal(sql, arguments, "object_id", object));
    sql.append(" order by ").append(order).append(" limit ?) done");
    arguments.add(limitEach);
    // A refused request was done to no object.
    if (query.object().isEmpty()) {
      sql.append(" union all select * from (select").append(RefusalStore.AS_ENTRY);
      sql.append("from refusals");
      where(sql, arguments, root, query);
      sql.append(" order by ").append(order).append(" limit ?) refused");
      arguments.add(limitEach);
    }
    return Page.read(
        tx, new Page.Query(sql.toString(), order, BYTES), AuditStore::read, limit, arguments);
  }

  private static void where(
      StringBuilder sql, List<Object> arguments, UserId root, AuditQuery query) {
    sql.append(" where root_id = ? and id > ? and id < ?");
    arguments.add(root.uuid());
    arguments.add(query.after());
    arguments.add(query.before());
    query
        .actor()
        .ifPresent(
            actor -> {
              sql.append(" and (actor_id = ? or actor_user = ?)");
              arguments.add(actor);
              arguments.add(actor);
            });
    query.action().ifPresent(action -> equal(sql, arguments, "action", action));
  }

  private static void equal(
      StringBuilder sql, List<Object> arguments, String column, String value) {
    sql.append(" and ").append(column).append(" = ?");
    arguments.add(value);
  }

  /**
   * The next rows to chain, in the order in which they were written; across families, and one
   * transaction at a time.
   *
   * @param behind only rows that were written after this one
   */
  static List<Unchained> unchained(Tx tx, long behind, int limit) {
    tx.lock(AuditChain.LOCK);
    return tx.list(
        "select written,"
            + COLUMNS
            + " from audit_log where seq is null and written > ? order by written limit ?",
        row -> new Unchained(read(row), row.bigint("written")),
        behind,
        limit);
  }

  static Map<UserId, Head> heads(Tx tx, List<UserId> roots) {
    Map<UserId, Head> heads = new HashMap<>();
    tx.list(
            "select root_id, seq, hash from audit_heads where root_id = any(?::uuid[])",
            AuditStore::head,
            (Object) column(roots, UUID[]::new, UserId::uuid))
        .forEach(head -> heads.put(head.root(), head));
    return heads;
  }

  /** Gives rows their places, and notes the new ends of their families' chains. */
  static void chain(Tx tx, List<AuditEntry> entries, List<Head> heads) {
    tx.executeLater(
        """
        with ends as (
          insert into audit_heads (root_id, seq, hash)
          select * from unnest(?::uuid[], ?::bigint[], ?::bytea[])
          on conflict (root_id) do update set seq = excluded.seq, hash = excluded.hash
        )
        update audit_log a
        set seq = n.seq, hash = n.hash
        from unnest(?::uuid[], ?::uuid[], ?::bigint[], ?::bytea[]) as n (root_id, id, seq, hash)
        where a.root_id = n.root_id and a.id = n.id
        """,
        column(heads, UUID[]::new, head -> head.root().uuid()),
        column(heads, Long[]::new, Head::seq),
        column(heads, byte[][]::new, Head::hash),
        column(entries, UUID[]::new, entry -> entry.root().uuid()),
        column(entries, UUID[]::new, entry -> entry.id().uuid()),
        column(entries, Long[]::new, entry -> entry.chained().orElseThrow().seq()),
        column(entries, byte[][]::new, entry -> entry.chained().orElseThrow().hash()));
  }

  /** The ends that have moved since their last checkpoint; across families, because a job asks. */
  static List<Head> moved(Tx tx, int limit) {
    return tx.list(
        """
        select h.root_id, h.seq, h.hash from audit_heads h
        where not exists (
          select from audit_checkpoints c where c.root_id = h.root_id and c.seq >= h.seq)
        limit ?
        """,
        AuditStore::head,
        limit);
  }

  static void insertCheckpoints(Tx tx, List<Checkpoint> checkpoints) {
    tx.execute(
        """
        insert into audit_checkpoints (root_id, seq, hash, created_at, signature)
        select root_id, seq, hash, ?::timestamptz, signature
        from unnest(?::uuid[], ?::bigint[], ?::bytea[], ?::bytea[])
          as n (root_id, seq, hash, signature)
        on conflict do nothing
        """,
        tx.now(),
        column(checkpoints, UUID[]::new, c -> c.root().uuid()),
        column(checkpoints, Long[]::new, Checkpoint::seq),
        column(checkpoints, byte[][]::new, Checkpoint::hash),
        column(checkpoints, byte[][]::new, Checkpoint::signature));
  }

  /** Every family that the log knows of; across families, because an operator verifies them all. */
  static List<UserId> families(Tx tx) {
    return tx.list(
        """
        select root_id from audit_heads
        union select root_id from audit_checkpoints
        union select distinct root_id from audit_log
        order by root_id
        """,
        row -> new UserId(row.uuid("root_id")));
  }

  /** Chained rows of a family in the order of their places. */
  static List<AuditEntry> chained(Tx tx, UserId root, long after, int limit) {
    return tx.list(
        "select" + COLUMNS + " from audit_log where root_id = ? and seq > ? order by seq limit ?",
        AuditStore::read,
        root.uuid(),
        after,
        limit);
  }

  static List<Checkpoint> checkpoints(Tx tx, UserId root, long after, long to) {
    return tx.list(
        """
        select root_id, seq, hash, signature from audit_checkpoints
        where root_id = ? and seq > ? and seq <= ? order by seq
        """,
        row ->
            new Checkpoint(
                new UserId(row.uuid("root_id")),
                row.bigint("seq"),
                row.bytes("hash"),
                row.bytes("signature")),
        root.uuid(),
        after,
        to);
  }

  private static Head head(Row row) {
    return new Head(new UserId(row.uuid("root_id")), row.bigint("seq"), row.bytes("hash"));
  }

  private static AuditEntry read(Row row) {
    Optional<AuditEntry.Chained> chained =
        row.bigintIfAny("seq")
            .map(seq -> new AuditEntry.Chained(seq, row.bytesIfAny("hash").orElse(new byte[0])));
    return new AuditEntry(
        new UserId(row.uuid("root_id")),
        new AuditId(row.uuid("id")),
        row.time("created_at"),
        new AuditEntry.Actor(
            row.text("actor_kind"),
            row.text("actor_id"),
            row.text("actor_user"),
            row.text("actor_name")),
        row.text("action"),
        new AuditEntry.Target(
            row.text("object_id"), row.text("object_user"), row.text("object_name")),
        row.text("before"),
        row.text("after"),
        new AuditEntry.Source(row.text("address"), row.text("client"), row.text("request_id")),
        row.text("error_code"),
        chained);
  }
}
