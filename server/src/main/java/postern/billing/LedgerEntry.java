package postern.billing;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import postern.core.EntryId;
import postern.core.PaymentId;
import postern.core.UserId;

/**
 * One movement of money out of or into a family's wallet. It never changes.
 *
 * @param root the family
 * @param seq its number in the family's ledger: 1, 2, 3 and so on without a gap
 * @param user who caused it
 * @param amountMicros how much was moved, above zero; the kind says in which direction
 * @param balanceMicros what the wallet held after it
 * @param payment the payment that it belongs to
 * @param reference the caller's own name for a charge, once per user
 * @param createdAt never before that of the entry with the number below
 */
public record LedgerEntry(
    UserId root,
    long seq,
    EntryId id,
    EntryKind kind,
    UserId user,
    long amountMicros,
    long balanceMicros,
    @Nullable PaymentId payment,
    @Nullable String description,
    @Nullable String reference,
    Instant createdAt) {
  /** The amount with the sign that it has for the wallet. */
  public long signedMicros() {
    return kind.signed(amountMicros);
  }
}
