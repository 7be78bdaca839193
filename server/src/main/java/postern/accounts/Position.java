package postern.accounts;

import java.time.Instant;
import java.util.UUID;

/** A place in a list of users, which are ordered by the time of their creation and then by id. */
record Position(Instant createdAt, UUID id) {
  /** Before every user that there can be. */
  static final Position FIRST = new Position(Instant.EPOCH, new UUID(0, 0));

  /** After every user that there can be. */
  static final Position LAST =
      new Position(Instant.parse("9999-12-31T23:59:59Z"), new UUID(-1L, -1L));

  static Position of(User user) {
    return new Position(user.createdAt(), user.id().uuid());
  }
}
