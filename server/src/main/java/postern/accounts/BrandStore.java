package postern.accounts;

import static postern.sql.Columns.column;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import postern.core.UserId;
import postern.sql.Row;
import postern.sql.Tx;

/** The SQL of {@code brands}: a row stands only for users that have set something. */
final class BrandStore {
  private BrandStore() {}

  static Optional<Brand.Look> find(Tx tx, UserId root, UserId user) {
    return tx.one(
        """
        select ad, ad_href, background_color, color, logo, logo_href, name, theme
        from brands
        where root_id = ? and user_id = ?
        """,
        BrandStore::read,
        root.uuid(),
        user.uuid());
  }

  /** Sets what the look has; the rest stays. */
  static Brand.Look merge(Tx tx, UserId root, UserId user, Brand.Look look) {
    return tx.one(
            """
            insert into brands as known (root_id, user_id, ad, ad_href, background_color, color,
              logo, logo_href, name, theme, updated_at)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (root_id, user_id) do update
            set ad = coalesce(excluded.ad, known.ad),
              ad_href = coalesce(excluded.ad_href, known.ad_href),
              background_color = coalesce(excluded.background_color, known.background_color),
              color = coalesce(excluded.color, known.color),
              logo = coalesce(excluded.logo, known.logo),
              logo_href = coalesce(excluded.logo_href, known.logo_href),
              name = coalesce(excluded.name, known.name),
              theme = coalesce(excluded.theme, known.theme),
              updated_at = excluded.updated_at
            returning ad, ad_href, background_color, color, logo, logo_href, name, theme
            """,
            BrandStore::read,
            root.uuid(),
            user.uuid(),
            look.ad(),
            look.adHref(),
            look.backgroundColor(),
            look.color(),
            look.logo(),
            look.logoHref(),
            look.name(),
            look.theme(),
            tx.now())
        .orElseThrow();
  }

  static void delete(Tx tx, UserId root, List<UserId> users) {
    tx.execute(
        "delete from brands where root_id = ? and user_id = any(?::uuid[])",
        root.uuid(),
        column(users, UUID[]::new, UserId::uuid));
  }

  private static Brand.Look read(Row row) {
    return new Brand.Look(
        row.textIfAny("ad").orElse(null),
        row.textIfAny("ad_href").orElse(null),
        row.textIfAny("background_color").orElse(null),
        row.textIfAny("color").orElse(null),
        row.textIfAny("logo").orElse(null),
        row.textIfAny("logo_href").orElse(null),
        row.textIfAny("name").orElse(null),
        row.textIfAny("theme").orElse(null));
  }
}
