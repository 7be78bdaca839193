package postern.accounts;

import static postern.sql.Columns.column;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.UserId;
import postern.people.EmailKey;
import postern.sql.Row;
import postern.sql.Tx;

/**
 * The SQL of {@code user_contacts}: the addresses and numbers of which each belongs to one user of
 * a family. Another family may have the same, and learns nothing of it.
 */
final class ContactStore {
  /** What a user is reached by. */
  enum Kind {
    EMAIL("email", ErrorCode.EMAIL_TAKEN),
    PHONE_NUMBER("phone_number", ErrorCode.PHONE_NUMBER_TAKEN);

    private final String column;
    private final ErrorCode taken;

    Kind(String column, ErrorCode taken) {
      this.column = column;
      this.taken = taken;
    }

    static Kind of(String column) {
      return column.equals(EMAIL.column) ? EMAIL : PHONE_NUMBER;
    }

    /** The name of a parameter that holds one. */
    String field() {
      return column;
    }

    /** The refusal of one that somebody has, naming {@code field}. */
    ApiException.Invalid taken(String field) {
      return new ApiException.Invalid(taken, field, "is already in use");
    }

    /** The form in which two spellings of the same are equal. */
    String normalised(String value) {
      String plain = EmailKey.of(value);
      String digits = plain.replaceAll("[^+\\p{Alnum}]", "");
      return this == EMAIL || digits.isEmpty() ? plain : digits;
    }
  }

  /**
   * An address or a number of a family, however it was spelled.
   *
   * @param value in the form in which two spellings are equal
   */
  record Contact(UserId root, Kind kind, String value) {
    static Contact of(UserId root, Kind kind, String spelled) {
      return new Contact(root, kind, kind.normalised(spelled));
    }
  }

  /** A contact and the user of the family who is to have it. */
  record Owned(Contact contact, UserId user) {}

  private ContactStore() {}

  /** The families whose top-level users have an e-mail address, {@code max} of them at most. */
  static List<UserId> accountsWith(Tx tx, String email, int max) {
    return tx.list(
        """
        select root_id
        from user_contacts
        where value = ? and kind = 'email' and user_id = root_id
        order by root_id
        limit ?
        """,
        row -> new UserId(row.uuid("root_id")),
        Kind.EMAIL.normalised(email),
        max);
  }

  /**
   * Takes an address or a number for a user, instead of the one it had.
   *
   * @param value null to have none from now on
   * @throws ApiException.Invalid if another user of the family has it, naming {@code field}
   */
  static void replace(
      Tx tx, UserId root, UserId user, Kind kind, @Nullable String value, String field) {
    tx.execute(
        "delete from user_contacts where root_id = ? and user_id = ? and kind = ?",
        root.uuid(),
        user.uuid(),
        kind.column);
    if (value != null) {
      take(tx, root, user, kind, value, field);
    }
  }

  /** Takes an address or a number for a user that has none yet; otherwise as {@code replace}. */
  static void take(Tx tx, UserId root, UserId user, Kind kind, String value, String field) {
    if (take(tx, List.of(new Owned(Contact.of(root, kind, value), user))).isEmpty()) {
      throw kind.taken(field);
    }
  }

  /**
   * Takes addresses and numbers for users who have none of the kind yet.
   *
   * @return those that were taken: not those that another user of the family has
   */
  static Set<Contact> take(Tx tx, List<Owned> wanted) {
    // In one order, so that transactions that want the same wait for each other and never in a
    // circle.
    return Set.copyOf(
        tx.list(
            """
            insert into user_contacts (root_id, kind, value, user_id)
            select root_id, kind, value, user_id
            from unnest(?::uuid[], ?::text[], ?::text[], ?::uuid[])
              as new (root_id, kind, value, user_id)
            order by root_id, value, kind
            on conflict do nothing
            returning root_id, kind, value
            """,
            ContactStore::contact,
            column(wanted, UUID[]::new, owned -> owned.contact().root().uuid()),
            column(wanted, String[]::new, owned -> owned.contact().kind().column),
            column(wanted, String[]::new, owned -> owned.contact().value()),
            column(wanted, UUID[]::new, owned -> owned.user().uuid())));
  }

  /** Those of some addresses and numbers that users have; the set is the caller's to change. */
  static Set<Contact> taken(Tx tx, List<Contact> contacts) {
    return new HashSet<>(
        tx.list(
            """
            select root_id, kind, value
            from unnest(?::uuid[], ?::text[], ?::text[]) as asked (root_id, kind, value)
            join user_contacts c using (root_id, kind, value)
            where not c.released
            """,
            ContactStore::contact,
            column(contacts, UUID[]::new, contact -> contact.root().uuid()),
            column(contacts, String[]::new, contact -> contact.kind().column),
            column(contacts, String[]::new, Contact::value)));
  }

  /** Lets others of the family take what a deleted user had; a restore may ask for it again. */
  static void release(Tx tx, UserId root, UserId user) {
    tx.execute(
        "update user_contacts set released = true where root_id = ? and user_id = ?",
        root.uuid(),
        user.uuid());
  }

  /**
   * Takes again what {@link #release} let go.
   *
   * @throws ApiException.Invalid if another user of the family has it by now
   */
  static void reclaim(Tx tx, UserId root, UserId user) {
    List<Owned> released =
        tx.list(
            """
            delete from user_contacts
            where root_id = ? and user_id = ? and released
            returning root_id, kind, value
            """,
            row -> new Owned(contact(row), user),
            root.uuid(),
            user.uuid());
    if (released.isEmpty()) {
      return;
    }
    Set<Contact> got = take(tx, released);
    for (Owned owned : released) {
      if (!got.contains(owned.contact())) {
        Kind kind = owned.contact().kind();
        throw new ApiException.Invalid(
            kind.taken,
            kind.column,
            "was taken by another child meanwhile: delete that child before you restore this one");
      }
    }
  }

  /** Forgets what users had who are purged. */
  static void delete(Tx tx, UserId root, List<UserId> users) {
    tx.execute(
        "delete from user_contacts where root_id = ? and user_id = any(?::uuid[])",
        root.uuid(),
        column(users, UUID[]::new, UserId::uuid));
  }

  private static Contact contact(Row row) {
    return new Contact(
        new UserId(row.uuid("root_id")), Kind.of(row.text("kind")), row.text("value"));
  }
}
