package postern.billing.web;

import postern.billing.PaymentMethod;
import postern.billing.PaymentMethods;
import postern.billing.Priority;
import postern.billing.gateway.Gateway;
import postern.json.JsonOut;

/** Payment methods. Their {@code object} tells clients which path to use. */
final class PaymentMethodJson {
  private PaymentMethodJson() {}

  /** Both places. */
  static void write(JsonOut out, PaymentMethods.InPlace inPlace) {
    out.startObject().text("id", inPlace.customer()).text("object", "PaymentMethods");
    for (Priority priority : Priority.values()) {
      String name = priority.wireName() + "_payment_method";
      inPlace
          .in(priority)
          .ifPresentOrElse(
              method -> {
                out.startObject(name);
                writeMembers(out, method, false);
                out.endObject();
              },
              () -> out.text(name, null));
    }
    out.endObject();
  }

  /** A method that was just put in its place: recorded with a member more. */
  static void writeCreated(JsonOut out, PaymentMethod method) {
    out.startObject();
    writeMembers(out, method, true);
    out.endObject();
  }

  private static void writeMembers(JsonOut out, PaymentMethod method, boolean isNew) {
    switch (method.details()) {
      case Gateway.Method.Card card -> {
        out.text("id", method.id()).text("disabled_at", null).text("object", "CreditCard");
        out.text("name", card.name()).text("last4", card.last4());
        out.number("exp_month", card.expMonth()).number("exp_year", card.expYear());
        out.text("brand", card.brand());
        if (isNew) {
          out.flag("requires_mandate_collection", false);
        }
      }
      case Gateway.Method.BankAccount account -> {
        out.text("bank_name", account.bankName()).text("country", account.country());
        out.text("disabled_at", null).text("id", method.id()).text("last4", account.last4());
        out.text("object", "BankAccount").flag("requires_mandate_collection", false);
        out.flag("verified", true);
      }
    }
  }
}
