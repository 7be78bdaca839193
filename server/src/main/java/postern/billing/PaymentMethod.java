package postern.billing;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import postern.billing.gateway.Gateway;
import postern.core.MethodId;
import postern.core.UserId;

/**
 * What a family's wallet is filled from.
 *
 * @param root the family
 * @param gatewayCustomer what the gateway calls the customer that has it
 * @param details as the gateway describes it
 */
public record PaymentMethod(
    UserId root,
    MethodId id,
    Priority priority,
    String gatewayCustomer,
    Gateway.Method details,
    Instant createdAt,
    @Nullable Instant deletedAt) {
  /** Whether it is a bank account; a card otherwise. */
  public boolean isBankAccount() {
    return details instanceof Gateway.Method.BankAccount;
  }
}
