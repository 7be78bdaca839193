package postern.billing.gateway;

import com.stripe.Stripe;
import com.stripe.StripeClient;
import com.stripe.exception.CardException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.PaymentIntent;
import com.stripe.model.PaymentMethod;
import com.stripe.model.Refund;
import com.stripe.net.RequestOptions;
import com.stripe.param.CustomerCreateParams;
import com.stripe.param.PaymentIntentConfirmParams;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.PaymentMethodAttachParams;
import com.stripe.param.PaymentMethodCreateParams;
import com.stripe.param.RefundCreateParams;
import com.stripe.param.RefundListParams;
import com.stripe.param.SetupIntentCreateParams;
import com.stripe.param.financialconnections.SessionCreateParams;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Stripe. Payments are made off-session: prepared as a payment intent that is not confirmed,
 * carried out by its confirmation, which Stripe takes once. Refunds know no such first step; they
 * carry our id, and are looked for before one is made.
 */
public final class StripeGateway implements Gateway {
  private static final String ID = "postern_payment";
  private static final String USD = "usd";
  private static final long REFUNDS_LISTED = 100;

  static {
    // The library would tell Stripe how long its calls took.
    Stripe.enableTelemetry = false;
  }

  private final StripeClient client;
  private final Optional<String> publicKey;

  /** A call of the library. */
  @FunctionalInterface
  private interface Call<T> {
    T run() throws StripeException;
  }

  /**
   * Connects nothing yet.
   *
   * @param url another URL than Stripe's own; empty for that
   * @param publicKey for browsers; empty for none
   * @param timeout for one call
   */
  public StripeGateway(String secretKey, String publicKey, String url, Duration timeout) {
    StripeClient.StripeClientBuilder builder =
        StripeClient.builder()
            .setApiKey(secretKey)
            .setConnectTimeout((int) timeout.toMillis())
            .setReadTimeout((int) timeout.toMillis())
            // Whoever calls has phases, and tries again by itself.
            .setMaxNetworkRetries(0);
    if (!url.isEmpty()) {
      builder.setApiBase(url);
    }
    this.client = builder.build();
    this.publicKey = publicKey.isEmpty() ? Optional.empty() : Optional.of(publicKey);
  }

  @Override
  public String createCustomer(String idempotencyKey, Customer customer) {
    CustomerCreateParams.Builder params =
        CustomerCreateParams.builder().setName(customer.name()).putMetadata(ID, idempotencyKey);
    if (customer.email() != null) {
      params.setEmail(customer.email());
    }
    return ask(() -> client.v1().customers().create(params.build(), once(idempotencyKey))).getId();
  }

  @Override
  public String createSetupIntent(String customer) {
    SetupIntentCreateParams params =
        SetupIntentCreateParams.builder()
            .setCustomer(customer)
            .addPaymentMethodType("card")
            .setUsage(SetupIntentCreateParams.Usage.OFF_SESSION)
            .build();
    return ask(() -> client.v1().setupIntents().create(params)).getClientSecret();
  }

  @Override
  public Optional<String> openSetupPage(String customer, String returnUrl, String cancelUrl) {
    var params =
        com.stripe.param.checkout.SessionCreateParams.builder()
            .setMode(com.stripe.param.checkout.SessionCreateParams.Mode.SETUP)
            .setCurrency(USD)
            .setCustomer(customer)
            .setSuccessUrl(returnUrl)
            .setCancelUrl(cancelUrl)
            .build();
    return Optional.of(ask(() -> client.v1().checkout().sessions().create(params)).getUrl());
  }

  @Override
  public String givenOn(String customer, String visit) {
    var session = ask(() -> client.v1().checkout().sessions().retrieve(visit));
    if (!customer.equals(session.getCustomer()) || session.getSetupIntent() == null) {
      throw new RefusedException("resource_missing");
    }
    String method =
        ask(() -> client.v1().setupIntents().retrieve(session.getSetupIntent())).getPaymentMethod();
    if (method == null) {
      throw new RefusedException("setup_not_complete");
    }
    return method;
  }

  @Override
  public String createBankSession(String customer, Optional<String> returnUrl) {
    SessionCreateParams.Builder params =
        SessionCreateParams.builder()
            .setAccountHolder(
                SessionCreateParams.AccountHolder.builder()
                    .setType(SessionCreateParams.AccountHolder.Type.CUSTOMER)
                    .setCustomer(customer)
                    .build())
            .addPermission(SessionCreateParams.Permission.PAYMENT_METHOD);
    returnUrl.ifPresent(params::setReturnUrl);
    return ask(() -> client.v1().financialConnections().sessions().create(params.build()))
        .getClientSecret();
  }

  @Override
  public Method.Card attachCard(String customer, String reference) {
    PaymentMethod method =
        ask(
            () ->
                client
                    .v1()
                    .paymentMethods()
                    .attach(
                        reference.startsWith("tok_") ? ofToken(reference) : reference,
                        PaymentMethodAttachParams.builder().setCustomer(customer).build()));
    if (describe(method) instanceof Method.Card card) {
      return card;
    }
    throw new RefusedException("not_a_card");
  }

  private String ofToken(String token) throws StripeException {
    PaymentMethodCreateParams params =
        PaymentMethodCreateParams.builder()
            .setType(PaymentMethodCreateParams.Type.CARD)
            .setCard(PaymentMethodCreateParams.Token.builder().setToken(token).build())
            .build();
    return client.v1().paymentMethods().create(params).getId();
  }

  @Override
  public Method.BankAccount attachBankAccount(
      String customer, String reference, String holder, Mandate mandate) {
    PaymentMethodCreateParams params =
        PaymentMethodCreateParams.builder()
            .setType(PaymentMethodCreateParams.Type.US_BANK_ACCOUNT)
            .setBillingDetails(
                PaymentMethodCreateParams.BillingDetails.builder().setName(holder).build())
            .setUsBankAccount(
                PaymentMethodCreateParams.UsBankAccount.builder()
                    .setFinancialConnectionsAccount(reference)
                    .build())
            .build();
    PaymentMethod method = ask(() -> client.v1().paymentMethods().create(params));
    ask(() -> client.v1().setupIntents().create(mandateOf(customer, method.getId(), mandate)));
    if (describe(method) instanceof Method.BankAccount account) {
      return account;
    }
    throw new RefusedException("not_a_bank_account");
  }

  /** A bank is debited only with its owner's consent; taking it down attaches the account too. */
  private static SetupIntentCreateParams mandateOf(
      String customer, String method, Mandate mandate) {
    return SetupIntentCreateParams.builder()
        .setCustomer(customer)
        .setPaymentMethod(method)
        .addPaymentMethodType("us_bank_account")
        .setUsage(SetupIntentCreateParams.Usage.OFF_SESSION)
        .setConfirm(true)
        .setMandateData(
            SetupIntentCreateParams.MandateData.builder()
                .setCustomerAcceptance(
                    SetupIntentCreateParams.MandateData.CustomerAcceptance.builder()
                        .setType(SetupIntentCreateParams.MandateData.CustomerAcceptance.Type.ONLINE)
                        .setAcceptedAt(mandate.acceptedAtSeconds())
                        .setOnline(
                            SetupIntentCreateParams.MandateData.CustomerAcceptance.Online.builder()
                                .setIpAddress(mandate.ipAddress())
                                .setUserAgent(mandate.userAgent())
                                .build())
                        .build())
                .build())
        .build();
  }

  /** Stripe tells it only to those who have asked the owner for one permission more. */
  @Override
  public Optional<String> holderOf(String bankReference) {
    return Optional.empty();
  }

  @Override
  public Method find(String customer, String reference) {
    PaymentMethod method = ask(() -> client.v1().paymentMethods().retrieve(reference));
    if (!Objects.equals(method.getCustomer(), customer)) {
      throw new RefusedException("resource_missing");
    }
    return describe(method);
  }

  @Override
  public void detach(String reference) {
    try {
      ask(() -> client.v1().paymentMethods().detach(reference));
    } catch (RefusedException _) {
      // Stripe does not know it, or has detached it before: it is forgotten, as was wanted.
    }
  }

  @Override
  public String prepare(Transfer transfer) {
    if (transfer.refundOf().isPresent()) {
      return transfer.refundOf().get();
    }
    PaymentIntentCreateParams params =
        PaymentIntentCreateParams.builder()
            .setAmount(transfer.amountCents())
            .setCurrency(USD)
            .setCustomer(transfer.customer())
            .setPaymentMethod(transfer.method())
            .addPaymentMethodType(transfer.isBankAccount() ? "us_bank_account" : "card")
            .putMetadata(ID, transfer.id())
            .build();
    return ask(() -> client.v1().paymentIntents().create(params, once(transfer.id()))).getId();
  }

  @Override
  public Outcome carryOut(Transfer transfer, String reference) {
    return transfer.refundOf().isPresent() ? refund(transfer, reference) : pay(reference);
  }

  private Outcome pay(String reference) {
    PaymentIntent intent = ask(() -> client.v1().paymentIntents().retrieve(reference));
    return outcomeOf(intent.getStatus().equals("requires_confirmation") ? confirm(intent) : intent);
  }

  private PaymentIntent confirm(PaymentIntent intent) {
    PaymentIntentConfirmParams params =
        PaymentIntentConfirmParams.builder().setOffSession(true).build();
    try {
      return ask(() -> client.v1().paymentIntents().confirm(intent.getId(), params));
    } catch (RefusedException e) {
      // The intent says why, in the same words however often it is asked.
      return ask(() -> client.v1().paymentIntents().retrieve(intent.getId()));
    }
  }

  private Outcome outcomeOf(PaymentIntent intent) {
    return switch (intent.getStatus()) {
      case "succeeded" -> new Outcome.Succeeded();
      case "processing" -> new Outcome.Pending();
      case "requires_action" -> {
        // Nobody is there to act: it must not succeed later behind our back.
        ask(() -> client.v1().paymentIntents().cancel(intent.getId()));
        yield new Outcome.Failed("authentication_required");
      }
      default -> new Outcome.Failed(failureOf(intent));
    };
  }

  private static String failureOf(PaymentIntent intent) {
    if (intent.getLastPaymentError() == null) {
      return intent.getStatus();
    }
    String decline = intent.getLastPaymentError().getDeclineCode();
    return Objects.requireNonNullElse(
        decline == null || decline.equals("generic_decline")
            ? intent.getLastPaymentError().getCode()
            : decline,
        intent.getStatus());
  }

  private Outcome refund(Transfer transfer, String paymentIntent) {
    RefundListParams known =
        RefundListParams.builder().setPaymentIntent(paymentIntent).setLimit(REFUNDS_LISTED).build();
    Refund refund =
        ask(() -> client.v1().refunds().list(known)).getData().stream()
            .filter(one -> transfer.id().equals(one.getMetadata().get(ID)))
            .findFirst()
            .orElse(null);
    try {
      return outcomeOf(refund == null ? makeRefund(transfer, paymentIntent) : refund);
    } catch (RefusedException e) {
      return new Outcome.Failed(e.reason());
    }
  }

  private Refund makeRefund(Transfer transfer, String paymentIntent) {
    RefundCreateParams params =
        RefundCreateParams.builder()
            .setPaymentIntent(paymentIntent)
            .setAmount(transfer.amountCents())
            .putMetadata(ID, transfer.id())
            .build();
    return ask(() -> client.v1().refunds().create(params, once(transfer.id())));
  }

  private static Outcome outcomeOf(Refund refund) {
    return switch (refund.getStatus()) {
      case "succeeded" -> new Outcome.Succeeded();
      case "pending" -> new Outcome.Pending();
      default ->
          new Outcome.Failed(
              Objects.requireNonNullElse(refund.getFailureReason(), "refund_failed"));
    };
  }

  @Override
  public Optional<String> publicKey() {
    return publicKey;
  }

  private static Method describe(PaymentMethod method) {
    if (method.getCard() != null) {
      return new Method.Card(
          method.getId(),
          nameOf(method),
          method.getCard().getLast4(),
          method.getCard().getExpMonth().intValue(),
          method.getCard().getExpYear().intValue(),
          brandOf(method.getCard().getBrand()));
    }
    if (method.getUsBankAccount() != null) {
      return new Method.BankAccount(
          method.getId(),
          method.getUsBankAccount().getBankName(),
          method.getUsBankAccount().getLast4(),
          "US");
    }
    throw new RefusedException("unsupported_type");
  }

  private static @Nullable String nameOf(PaymentMethod method) {
    return method.getBillingDetails() == null ? null : method.getBillingDetails().getName();
  }

  /** As EasyPost was recorded to write them: "Visa". */
  private static String brandOf(String brand) {
    return switch (brand) {
      case "amex" -> "American Express";
      case "" -> "Unknown";
      default -> Character.toUpperCase(brand.charAt(0)) + brand.substring(1);
    };
  }

  private static RequestOptions once(String idempotencyKey) {
    return RequestOptions.builder().setIdempotencyKey(idempotencyKey).build();
  }

  /** Only codes go on from here: Stripe's sentences may quote what was sent. */
  private static <T> T ask(Call<T> call) {
    try {
      return call.run();
    } catch (CardException e) {
      throw new RefusedException(
          Objects.requireNonNullElse(
              e.getDeclineCode(), Objects.requireNonNullElse(e.getCode(), "card_declined")));
    } catch (InvalidRequestException e) {
      throw new RefusedException(Objects.requireNonNullElse(e.getCode(), "invalid_request"));
    } catch (StripeException e) {
      throw new UnavailableException(
          "Stripe does not answer: " + e.getClass().getSimpleName() + ", " + e.getStatusCode());
    }
  }
}
