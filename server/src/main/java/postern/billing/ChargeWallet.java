package postern.billing;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.FieldError;
import postern.core.Ids;
import postern.core.Money;
import postern.core.Origin;
import postern.core.Principal;
import postern.journal.ChangeLog;
import postern.sql.Database;
import postern.sql.GroupWriter;

/** Takes money from a family's wallet. Safe for many threads. */
public final class ChargeWallet {
  /**
   * What to take.
   *
   * @param amountMicros above zero
   * @param reference the caller's own name for the charge: the same one takes nothing twice
   */
  public record Command(
      long amountMicros, @Nullable String description, @Nullable String reference) {}

  /** A charge, and whether it was taken now or before. */
  public record Charged(LedgerEntry entry, boolean isNew) {}

  /** Charges of one family meet in one lane; families share a few. */
  private static final int LANES = 4;

  private static final int GROUP_SIZE_MAX = 256;
  private static final Duration GATHER_MAX = Duration.ofMillis(2);

  private final Database database;
  private final GroupWriter<ChargeOrder, ChargeResult> writer;
  private final PaymentRunner payments;
  private final Duration wait;

  /**
   * Makes it.
   *
   * @param wait how long a charge waits for a recharge
   * @param queuedMax how many charges wait to be written at most
   */
  public ChargeWallet(
      Database database,
      Ids ids,
      Recharges recharges,
      ChangeLog log,
      PaymentRunner payments,
      Duration wait,
      int queuedMax) {
    this.database = database;
    this.writer =
        new GroupWriter<>(
            database,
            new ChargeGroup(ids, recharges, log)::run,
            new GroupWriter.Limits(LANES, queuedMax, GROUP_SIZE_MAX, GATHER_MAX));
    this.payments = payments;
    this.wait = wait;
  }

  /**
   * Takes money, after a recharge if one helps.
   *
   * @throws ApiException.Invalid with {@code INSUFFICIENT_FUNDS}, which says how much is missing,
   *     {@code SPEND_LIMIT_EXCEEDED} or {@code REFERENCE_TAKEN}; nothing is taken then
   */
  public Charged run(Principal caller, Command command) {
    ChargeOrder order =
        new ChargeOrder(
            caller.root(),
            caller.user(),
            command.amountMicros(),
            new Books.Note(command.description(), command.reference()),
            Origin.current());
    long deadline = System.nanoTime() + wait.toNanos();
    while (true) {
      ChargeResult result = writer.run(order.root(), order);
      Duration left = Duration.ofNanos(deadline - System.nanoTime());
      if (result instanceof ChargeResult.Lacking(long missing, var recharge)
          && recharge.isPresent()
          && left.isPositive()) {
        // Others must see the recharge to carry it out.
        database.commitSoFar();
        payments.await(caller.root(), recharge.get(), left);
      } else {
        return chargedOrRefused(result);
      }
    }
  }

  private static Charged chargedOrRefused(ChargeResult result) {
    return switch (result) {
      case ChargeResult.Charged(LedgerEntry entry) -> new Charged(entry, true);
      case ChargeResult.Repeated(LedgerEntry entry) -> new Charged(entry, false);
      case ChargeResult.ReferenceTaken() ->
          throw new ApiException.Invalid(
              ErrorCode.REFERENCE_TAKEN,
              "charge.reference",
              "is that of a charge of another amount");
      case ChargeResult.OverLimit(long left) ->
          throw refused(
              ErrorCode.SPEND_LIMIT_EXCEEDED, "leaves " + Money.text(left, 5) + " in this period");
      case ChargeResult.Lacking(long missing, var recharge) ->
          throw refused(
              ErrorCode.INSUFFICIENT_FUNDS,
              "exceeds the balance by "
                  + Money.text(missing, 5)
                  + (recharge.isPresent() ? "; a recharge is under way" : ""));
    };
  }

  private static ApiException refused(ErrorCode code, String message) {
    return new ApiException.Invalid(code, List.of(new FieldError("charge.amount", message)));
  }
}
