package postern.billing;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.billing.gateway.Gateway;
import postern.core.Money;
import postern.core.WireTime;
import postern.journal.Change;

/** What journals are told of money. */
final class BillingFacts {
  private BillingFacts() {}

  static Change charged(LedgerEntry entry) {
    Map<String, @Nullable Object> facts = new LinkedHashMap<>();
    facts.put("id", entry.id().toString());
    facts.put("object", "Charge");
    facts.put("amount", Money.text(entry.amountMicros(), 5));
    facts.put("description", entry.description());
    facts.put("reference", entry.reference());
    facts.put("balance", Money.text(entry.balanceMicros(), 5));
    return new Change(
        "charge.created", entry.user(), entry.id().toString(), name(entry), Map.of(), facts);
  }

  private static String name(LedgerEntry entry) {
    return entry.reference() == null ? "" : entry.reference();
  }

  static Change created(Payment payment) {
    String kind = payment.isRefund() ? "refund.created" : "payment.created";
    return change(kind, payment, Map.of(), of(payment));
  }

  static Change ended(Payment before, Payment after) {
    boolean isSettled = after.state() == Payment.State.SETTLED;
    String kind =
        after.isRefund()
            ? (isSettled ? "refund.successful" : "refund.failed")
            : (isSettled ? "payment.completed" : "payment.failed");
    return change(kind, after, of(before), of(after));
  }

  private static Change change(
      String kind,
      Payment payment,
      Map<String, @Nullable Object> before,
      Map<String, @Nullable Object> after) {
    return new Change(kind, payment.root(), payment.id().toString(), "", before, after);
  }

  private static Map<String, @Nullable Object> of(Payment payment) {
    Map<String, @Nullable Object> facts = new LinkedHashMap<>();
    facts.put("id", payment.id().toString());
    facts.put("object", "PaymentLog");
    facts.put("type", payment.kind().wireName());
    facts.put("status", statusOf(payment.state()));
    facts.put("amount", Money.text(payment.amountMicros(), 2));
    facts.put("fee", Money.text(payment.feeMicros(), 2));
    facts.put("payment_method_id", payment.method().toString());
    facts.put("refund_of", payment.refundOf() == null ? null : payment.refundOf().toString());
    facts.put("failure", payment.failure());
    facts.put("created_at", seconds(payment.createdAt()));
    return facts;
  }

  private static String statusOf(Payment.State state) {
    return switch (state) {
      case STAGED, SENT -> "pending";
      case SETTLED -> "completed";
      case FAILED -> "failed";
    };
  }

  static Change methodCreated(PaymentMethod method) {
    return change("payment_method.created", method, Map.of(), of(method));
  }

  static Change methodDeleted(PaymentMethod method) {
    return change("payment_method.deleted", method, of(method), Map.of());
  }

  private static Change change(
      String kind,
      PaymentMethod method,
      Map<String, @Nullable Object> before,
      Map<String, @Nullable Object> after) {
    String name = method.details().last4();
    return new Change(kind, method.root(), method.id().toString(), name, before, after);
  }

  private static Map<String, @Nullable Object> of(PaymentMethod method) {
    Map<String, @Nullable Object> facts = new LinkedHashMap<>();
    facts.put("id", method.id().toString());
    switch (method.details()) {
      case Gateway.Method.Card card -> {
        facts.put("object", "CreditCard");
        facts.put("brand", card.brand());
      }
      case Gateway.Method.BankAccount account -> {
        facts.put("object", "BankAccount");
        facts.put("bank_name", account.bankName());
      }
    }
    facts.put("last4", method.details().last4());
    facts.put("priority", method.priority().wireName());
    return facts;
  }

  private static String seconds(Instant at) {
    return WireTime.seconds(at);
  }
}
