package postern.billing.web;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import postern.billing.FundWallet;
import postern.billing.Payment;
import postern.billing.PaymentMethod;
import postern.billing.PaymentMethods;
import postern.billing.Priority;
import postern.billing.RefundPayments;
import postern.billing.gateway.Gateway;
import postern.core.ApiException;
import postern.core.Checks;
import postern.core.ErrorCode;
import postern.core.MethodId;
import postern.core.PaymentId;
import postern.http.Access;
import postern.http.Answer;
import postern.http.Call;
import postern.http.Params;
import postern.http.Route;

/** The routes of payment methods, and of what is paid by them and given back. */
public final class PaymentsApi {
  private static final int REFERENCE_LENGTH_MAX = 255;
  private static final int URL_LENGTH_MAX = 2_000;
  private static final long CENT_MICROS = 10_000;
  private static final long CENTS_MAX = 100_000_000;

  private final PaymentMethods methods;
  private final FundWallet fundWallet;
  private final RefundPayments refundPayments;

  public PaymentsApi(PaymentMethods methods, FundWallet fundWallet, RefundPayments refundPayments) {
    this.methods = methods;
    this.fundWallet = fundWallet;
    this.refundPayments = refundPayments;
  }

  public List<Route> routes() {
    Access access = Access.PRODUCTION_KEY;
    Route addCard = new Route("POST", "/v2/credit_cards", access, this::addCard);
    return List.of(
        new Route("GET", "/v2/payment_methods", access, this::list),
        addCard,
        addCard.at("/beta/credit_cards"),
        new Route("POST", "/v2/bank_accounts", access, this::addBankAccount),
        new Route("POST", "/v2/credit_cards/{id}/charges", access, call -> fund(call, false)),
        new Route("POST", "/v2/bank_accounts/{id}/charges", access, call -> fund(call, true)),
        new Route("DELETE", "/v2/credit_cards/{id}", access, call -> delete(call, false)),
        new Route("DELETE", "/v2/bank_accounts/{id}", access, call -> delete(call, true)),
        new Route("POST", "/beta/referral_customers/payment_method", access, this::adopt),
        new Route("POST", "/beta/referral_customers/refunds", access, this::refund),
        new Route("POST", "/beta/setup_intents", access, this::cardSecret),
        new Route("POST", "/beta/financial_connections_sessions", access, this::bankSecret));
  }

  private Answer list(Call call) {
    PaymentMethods.InPlace inPlace = methods.list(call.caller());
    return Answer.json(200, out -> PaymentMethodJson.write(out, inPlace));
  }

  private Answer addCard(Call call) {
    Params card = call.params().unwrap("credit_card");
    boolean hasReference = card.has("payment_method_id") || card.has("stripe_object_id");
    if (!hasReference) {
      throw new ApiException.Invalid(
          ErrorCode.PARAMETER_REQUIRED, "credit_card.stripe_object_id", "is required but missing");
    }
    String name = card.has("payment_method_id") ? "payment_method_id" : "stripe_object_id";
    Checks checks = new Checks();
    Optional<String> reference =
        checks.text(card.field(name), card.get(name), REFERENCE_LENGTH_MAX);
    Priority priority = priority(checks, card);
    checks.throwIfAny();
    if (reference.isEmpty()) {
      throw new ApiException.Refused(ErrorCode.PAYMENT_METHOD_REFERENCE_REQUIRED);
    }
    return created(methods.addCard(call.caller(), reference.get(), priority));
  }

  private static Answer created(PaymentMethod method) {
    return Answer.json(201, out -> PaymentMethodJson.writeCreated(out, method));
  }

  private static Priority priority(Checks checks, Params given) {
    Object value = given.get("priority");
    Optional<Priority> priority =
        value == null ? Optional.of(Priority.PRIMARY) : Priority.parse(value.toString());
    if (priority.isEmpty()) {
      checks.invalid(given.field("priority"), "must be primary or secondary");
    }
    return priority.orElse(Priority.PRIMARY);
  }

  private Answer addBankAccount(Call call) {
    Params given = call.params();
    Checks checks = new Checks();
    Optional<String> connection =
        checks.text(
            "financial_connections_id",
            given.get("financial_connections_id"),
            REFERENCE_LENGTH_MAX);
    Optional<String> holder =
        checks.text("account_holder_name", given.get("account_holder_name"), REFERENCE_LENGTH_MAX);
    Priority priority = priority(checks, given);
    checks.throwIfAny();
    if (connection.isEmpty()) {
      throw new ApiException.Invalid(
          ErrorCode.PARAMETER_REQUIRED, "financial_connections_id", "is required but missing");
    }
    return created(
        methods.addBankAccount(
            call.caller(), connection.get(), holder, mandateIn(given), priority));
  }

  /** One client sends it under a misspelt name: recorded. */
  private static Gateway.Mandate mandateIn(Params given) {
    Object value =
        given.get("mandate_data") == null ? given.get("mandata_data") : given.get("mandate_data");
    if (!(value instanceof Map<?, ?> mandate)) {
      throw new ApiException.Invalid(
          ErrorCode.PARAMETER_REQUIRED, "mandate_data", "is required but missing");
    }
    Checks checks = new Checks();
    Optional<String> address = text(checks, mandate, "ip_address");
    Optional<String> client = text(checks, mandate, "user_agent");
    OptionalLong at = checks.wholeNumber("mandate_data.accepted_at", mandate.get("accepted_at"), 0);
    checks.throwIfAny();
    return new Gateway.Mandate(address.orElse(""), client.orElse(""), at.orElse(0));
  }

  private static Optional<String> text(Checks checks, Map<?, ?> from, String name) {
    return checks.text("mandate_data." + name, from.get(name), REFERENCE_LENGTH_MAX);
  }

  private Answer fund(Call call, boolean isBankAccount) {
    MethodId method = methodIn(call);
    Params given = call.params();
    Checks checks = new Checks();
    OptionalLong cents = cents(checks, given.get("amount"), "amount");
    checks.throwIfAny();
    if (cents.isEmpty()) {
      throw new ApiException.Invalid(ErrorCode.PARAMETER_REQUIRED, "amount", "cannot be blank");
    }
    fundWallet.run(call.caller(), method, isBankAccount, cents.getAsLong() * CENT_MICROS);
    return Answer.json(201, out -> out.startObject().endObject());
  }

  private static OptionalLong cents(Checks checks, @Nullable Object value, String field) {
    OptionalLong cents = checks.wholeNumber(field, value, 1);
    if (cents.isPresent() && cents.getAsLong() > CENTS_MAX) {
      checks.invalid(field, "must be at most " + CENTS_MAX + " cents");
    }
    return cents;
  }

  private Answer delete(Call call, boolean isBankAccount) {
    methods.delete(call.caller(), methodIn(call), isBankAccount);
    return Answer.json(200, out -> out.startObject().endObject());
  }

  private static MethodId methodIn(Call call) {
    return MethodId.parse(call.id())
        .orElseThrow(() -> new ApiException.Refused(ErrorCode.NOT_FOUND));
  }

  private Answer adopt(Call call) {
    Params given = call.params().unwrap("payment_method");
    Checks checks = new Checks();
    Optional<String> customer =
        checks.text(
            given.field("stripe_customer_id"),
            given.get("stripe_customer_id"),
            REFERENCE_LENGTH_MAX);
    Optional<String> reference =
        checks.text(
            given.field("payment_method_reference"),
            given.get("payment_method_reference"),
            REFERENCE_LENGTH_MAX);
    Priority priority = priority(checks, given);
    checks.throwIfAny();
    return created(
        methods.adopt(call.caller(), customer.orElse(""), reference.orElse(""), priority));
  }

  /** By amount in cents, or by payment; whatever is no such thing gets the recorded refusal. */
  private Answer refund(Call call) {
    Params given = call.params();
    boolean hasPayment = given.get("payment_log_id") != null;
    if (!hasPayment && given.get("refund_amount") == null) {
      throw new ApiException.Invalid(
          ErrorCode.PARAMETER_REQUIRED, "refund_amount", "cannot be blank");
    }
    Checks checks = new Checks();
    OptionalLong cents = cents(checks, given.get("refund_amount"), "refund_amount");
    if (checks.isAnyWrong()) {
      throw new ApiException.Refused(ErrorCode.REFUND_AMOUNT_INVALID);
    }
    Long micros = cents.isPresent() ? (Long) (cents.getAsLong() * CENT_MICROS) : null;
    RefundPayments.Refunded refunded =
        hasPayment
            ? refundPayments.byPayment(call.caller(), paymentIn(given), micros)
            : refundPayments.byAmount(call.caller(), cents.orElse(0) * CENT_MICROS);
    return answer(refunded);
  }

  private static PaymentId paymentIn(Params given) {
    return PaymentId.parse(String.valueOf(given.get("payment_log_id")))
        .orElseThrow(() -> new ApiException.Refused(ErrorCode.TRANSACTION_UNKNOWN));
  }

  private static Answer answer(RefundPayments.Refunded refunded) {
    return Answer.json(
        200,
        out -> {
          out.startObject().number("refunded_amount", refunded.amountMicros() / CENT_MICROS);
          out.text("payment_log_id", refunded.refunds().getFirst().id());
          out.startArray("refunded_payment_logs");
          refunded.refunds().stream()
              .filter(refund -> refund.state() != Payment.State.FAILED)
              .forEach(refund -> out.element(String.valueOf(refund.refundOf())));
          out.endArray().startArray("errors");
          refunded.refunds().stream()
              .filter(refund -> refund.state() == Payment.State.FAILED)
              .forEach(
                  refund ->
                      out.startObject()
                          .text("field", refund.refundOf())
                          .text("message", refund.failure())
                          .endObject());
          out.endArray().endObject();
        });
  }

  private Answer cardSecret(Call call) {
    return secret(200, methods.cardSecret(call.caller()));
  }

  private Answer bankSecret(Call call) {
    Checks checks = new Checks();
    Optional<String> returnUrl =
        checks.text("return_url", call.params().get("return_url"), URL_LENGTH_MAX);
    checks.throwIfAny();
    return secret(201, methods.bankSecret(call.caller(), returnUrl));
  }

  private static Answer secret(int status, String secret) {
    return Answer.json(status, out -> out.startObject().text("client_secret", secret).endObject());
  }
}
