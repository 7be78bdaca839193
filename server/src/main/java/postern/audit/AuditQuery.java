package postern.audit;

import java.util.Optional;
import java.util.UUID;

/**
 * Which rows to list.
 *
 * @param after the id that all must be above; ids begin with their time
 * @param before the id that all must be below
 * @param actor the id of a key or of a user
 * @param size at most so many
 */
public record AuditQuery(
    UUID after,
    UUID before,
    boolean isAscending,
    Optional<String> actor,
    Optional<String> action,
    Optional<String> object,
    int size) {
  /** The same with another upper end. */
  AuditQuery before(UUID id) {
    return new AuditQuery(after, id, isAscending, actor, action, object, size);
  }

  /** The same with another lower end. */
  AuditQuery after(UUID id) {
    return new AuditQuery(id, before, isAscending, actor, action, object, size);
  }
}
