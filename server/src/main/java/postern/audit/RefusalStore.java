package postern.audit;

import static postern.sql.ArrayType.INT8S;
import static postern.sql.ArrayType.TEXTS;
import static postern.sql.ArrayType.TIMESTAMPTZS;
import static postern.sql.ArrayType.UUIDS;
import static postern.sql.Columns.row;

import java.time.Instant;
import java.util.List;
import postern.core.Ids;
import postern.core.UserId;
import postern.sql.ArrayType;
import postern.sql.Columns;
import postern.sql.Tx;

/** The SQL of {@code refusals}. They are listed with the entries of the audit log. */
final class RefusalStore {
  /** A refusal in the columns of {@code audit_log}. */
  static final String AS_ENTRY =
      """
       root_id, id, created_at, actor_kind, actor_id, actor_user, actor_name, action,
        '' as object_id, '' as object_user, '' as object_name, '{}' as before,
        case when more = 0 then '{}' else '{"more":' || more || '}' end as after,
        address, client, request_id, 'refused' as outcome, error_code, null::bigint as seq,
        null::bytea as hash
      """;

  private static final List<ArrayType> NEW_REFUSAL =
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
          INT8S);

  private RefusalStore() {}

  /** Writes refusals. A key's actor gets the name that its user has now. */
  static void insert(Tx tx, Ids ids, List<RefusalTally.Row> rows) {
    tx.executeLater(
        """
        insert into refusals (root_id, id, created_at, actor_kind, actor_id, actor_user, actor_name,
          action, address, client, request_id, error_code, more)
        select n.root_id, n.id, n.created_at, n.actor_kind, n.actor_id, n.actor_user,
          coalesce(nullif(n.actor_name, ''),
            (select name from users u where u.root_id = n.root_id and u.id = n.user_id), ''),
          n.action, n.address, n.client, n.request_id, n.error_code, n.more
        from (
          select *
          from unnest(?::uuid[], ?::uuid[], ?::timestamptz[], ?::text[], ?::text[], ?::text[],
            ?::text[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
            ?::bigint[])
            as new (root_id, id, created_at, actor_kind, actor_id, actor_user, actor_name, user_id,
              action, address, client, request_id, error_code, more)
          limit ?
        ) n
        """,
        Columns.of(
            NEW_REFUSAL,
            rows,
            line -> {
              Refusals.Refusal refusal = line.refusal();
              return row(
                  refusal.root().uuid(),
                  ids.audit(tx.now()).uuid(),
                  refusal.at(),
                  refusal.actor().kind(),
                  refusal.actor().id(),
                  refusal.actor().user(),
                  refusal.actor().name(),
                  UserId.parse(refusal.actor().user()).orElse(AuditEntry.NO_FAMILY).uuid(),
                  refusal.route(),
                  refusal.source().address(),
                  refusal.source().client(),
                  refusal.source().requestId(),
                  refusal.errorCode(),
                  line.more());
            }),
        rows.size());
  }

  /** Removes the oldest that are due; across families, because a job asks. */
  static int purge(Tx tx, Instant before, int limit) {
    return tx.execute(
        """
        with due as (
          select root_id, id from refusals where created_at < ? order by created_at limit ?
          for update skip locked
        )
        delete from refusals r using due d where r.root_id = d.root_id and r.id = d.id
        """,
        before,
        limit);
  }
}
