package postern.audit;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import postern.core.AuditId;
import postern.core.Credential;
import postern.core.Principal;
import postern.core.UserId;

/**
 * One row of the audit log. Texts are empty where there is nothing to say.
 *
 * @param root the family; {@link #NO_FAMILY} for what concerns none that is known
 * @param actor who did it
 * @param action such as {@code user.created}, or the route of a refused request
 * @param object what it was done to
 * @param before the facts before, as JSON
 * @param after the facts after, as JSON; {@code more} of a refused request is how many further ones
 *     the row stands for
 * @param errorCode why it was refused; empty for what was done
 * @param chained its place in the chain; empty until it has one, and for refused requests
 */
public record AuditEntry(
    UserId root,
    AuditId id,
    Instant createdAt,
    Actor actor,
    String action,
    Target object,
    String before,
    String after,
    Source source,
    String errorCode,
    Optional<Chained> chained) {
  /** In place of a family where a caller has not proved who it is. */
  public static final UserId NO_FAMILY = new UserId(new UUID(0, 0));

  /**
   * Who did it.
   *
   * @param kind {@code key}, {@code person}, {@code operator}, {@code system} or {@code nobody}
   * @param id the id of the key or the person, or the operator's name
   * @param user on whose behalf: the owner of the key, or the account that was logged in to
   * @param name the name of the user, or the e-mail address of the person, at that time
   */
  public record Actor(String kind, String id, String user, String name) {
    /** A caller, by what it has shown; a user's name is looked up when the entry is written. */
    static Actor of(Principal caller) {
      String user = caller.user().toString();
      return switch (caller.credential()) {
        case Credential.Key(var id) -> new Actor("key", id.toString(), user, "");
        case Credential.Session session ->
            new Actor("person", session.person().toString(), user, session.email());
      };
    }
  }

  /** What it was done to, and what it was called at that time. */
  public record Target(String id, String user, String name) {}

  /** Where it came from. */
  public record Source(String address, String client, String requestId) {}

  /** A place in the chain of the family. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  public record Chained(long seq, byte[] hash) {}

  /** Whether it was done. */
  public boolean isOk() {
    return errorCode.isEmpty();
  }
}
