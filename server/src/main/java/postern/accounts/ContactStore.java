package postern.accounts;

import static postern.sql.Columns.column;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.UserId;
import postern.people.EmailKey;
import postern.sql.Row;
import postern.sql.Tx;

/** The SQL of {@code user_contacts}: what belongs to one user of the whole server. */
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
   * An address or a number, however it was spelled.
   *
   * @param value in the form in which two spellings are equal
   */
  record Contact(Kind kind, String value) {
    static Contact of(Kind kind, String spelled) {
      return new Contact(kind, kind.normalised(spelled));
    }
  }

  /** Whose it is to be. */
  record Owned(Contact contact, UserId root, UserId user) {}

  private ContactStore() {}

  /** The family whose top-level user has an e-mail address. */
  static Optional<UserId> accountWith(Tx tx, String email) {
    return tx.one(
        "select root_id from user_contacts where kind = ? and value = ? and user_id = root_id",
        row -> new UserId(row.uuid("root_id")),
        Kind.EMAIL.column,
        Kind.EMAIL.normalised(email));
  }

  /**
   * Takes an address or a number for a user, instead of the one it had.
   *
   * @param value null to have none from now on
   * @throws ApiException.Invalid if it is another user's, naming {@code field}
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
    if (take(tx, List.of(new Owned(Contact.of(kind, value), root, user))).isEmpty()) {
      throw kind.taken(field);
    }
  }

  /**
   * Takes addresses and numbers for users who have none of the kind yet; which of them these have
   * got: not those that somebody has.
   */
  static Set<Contact> take(Tx tx, List<Owned> wanted) {
    // In one order, so that those who want the same wait for each other and never in a circle.
    return Set.copyOf(
        tx.list(
            """
            insert into user_contacts (kind, value, root_id, user_id)
            select kind, value, root_id, user_id
            from unnest(?::text[], ?::text[], ?::uuid[], ?::uuid[])
              as new (kind, value, root_id, user_id)
            order by value, kind
            on conflict do nothing
            returning kind, value
            """,
            ContactStore::contact,
            column(wanted, String[]::new, owned -> owned.contact().kind().column),
            column(wanted, String[]::new, owned -> owned.contact().value()),
            column(wanted, UUID[]::new, owned -> owned.root().uuid()),
            column(wanted, UUID[]::new, owned -> owned.user().uuid())));
  }

  /** Those of some addresses and numbers that users have; the set is the caller's to change. */
  static Set<Contact> taken(Tx tx, List<Contact> contacts) {
    return new HashSet<>(
        tx.list(
            """
            select kind, value
            from unnest(?::text[], ?::text[]) as asked (kind, value)
            join user_contacts using (kind, value)
            """,
            ContactStore::contact,
            column(contacts, String[]::new, contact -> contact.kind().column),
            column(contacts, String[]::new, Contact::value)));
  }

  /** Whether an address or a number is some user's. */
  static boolean isTaken(Tx tx, Kind kind, String value) {
    return tx.one(
            "select value from user_contacts where kind = ? and value = ?",
            row -> true,
            kind.column,
            kind.normalised(value))
        .isPresent();
  }

  static void release(Tx tx, UserId root, List<UserId> users) {
    tx.execute(
        "delete from user_contacts where root_id = ? and user_id = any(?::uuid[])",
        root.uuid(),
        column(users, UUID[]::new, UserId::uuid));
  }

  private static Contact contact(Row row) {
    return new Contact(Kind.of(row.text("kind")), row.text("value"));
  }
}
