package postern.accounts;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import postern.billing.SpendLimit;
import postern.core.BrandId;
import postern.core.UserId;

/**
 * A user that lives, or that is deleted and can still be restored.
 *
 * @param root the top-level user of its family; the same as {@code id} for a parent
 * @param parent null for a top-level user
 * @param email in the spelling that was given; null where none was
 * @param phoneNumber null where none is known
 * @param recharge when and by how much the wallet is refilled
 * @param spendLimit what its parent lets it spend; null for no limit
 * @param deletedAt null while the user lives
 */
public record User(
    UserId id,
    UserId root,
    @Nullable UserId parent,
    BrandId brand,
    String name,
    @Nullable String email,
    @Nullable String phoneNumber,
    Recharge recharge,
    @Nullable SpendLimit spendLimit,
    Instant createdAt,
    @Nullable Instant deletedAt) {
  /** Whether this user is a parent, with no user above it. */
  public boolean isRoot() {
    return parent == null;
  }

  /** The same with another address. */
  User withEmail(String other) {
    return new User(
        id,
        root,
        parent,
        brand,
        name,
        other,
        phoneNumber,
        recharge,
        spendLimit,
        createdAt,
        deletedAt);
  }
}
