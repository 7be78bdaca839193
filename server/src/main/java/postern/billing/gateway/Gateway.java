package postern.billing.gateway;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A company that holds payment methods and moves money. Every call leaves this machine, may take
 * seconds, and is made outside of transactions. Implementations are safe for many threads.
 *
 * <p>Money is moved in two steps, so that nobody pays twice however often they are broken off.
 * {@link #prepare} moves nothing: prepared twice, one of the two is forgotten. {@link #carryOut} of
 * the same reference moves money once, however often it is called, and says how it went.
 */
public interface Gateway {
  /** The gateway could not be reached or did not answer: how a call ended is not known. */
  final class UnavailableException extends RuntimeException {
    public UnavailableException(String message) {
      super(message);
    }
  }

  /** The gateway knows of no such thing, or does not take it. */
  final class RefusedException extends RuntimeException {
    private final String reason;

    /**
     * Makes the refusal.
     *
     * @param reason a code such as {@code resource_missing}
     */
    public RefusedException(String reason) {
      super(reason, null, false, false);
      this.reason = reason;
    }

    public String reason() {
      return reason;
    }
  }

  /** Whose payment methods they are. */
  record Customer(String name, @Nullable String email) {}

  /** A payment method as the gateway describes it; its reference is what the gateway calls it. */
  sealed interface Method {
    String reference();

    String last4();

    /** A card. */
    record Card(
        String reference,
        @Nullable String name,
        String last4,
        int expMonth,
        int expYear,
        String brand)
        implements Method {}

    /** A bank account. */
    record BankAccount(String reference, String bankName, String last4, String country)
        implements Method {}
  }

  /** What the owner of a bank account has agreed to, and from where. */
  record Mandate(String ipAddress, String userAgent, long acceptedAtSeconds) {}

  /**
   * Money to move.
   *
   * @param id our own id of it, the same at every try
   * @param customer what the gateway calls the customer
   * @param method what the gateway calls the payment method
   * @param amountCents how much, in cents
   * @param refundOf of a refund: the reference of the payment that is given back
   */
  record Transfer(
      String id,
      String customer,
      String method,
      boolean isBankAccount,
      long amountCents,
      Optional<String> refundOf) {}

  /** How a transfer went. */
  sealed interface Outcome {
    /** The money was moved. */
    record Succeeded() implements Outcome {}

    /**
     * It was not, and will not be.
     *
     * @param reason a code such as {@code card_declined}
     */
    record Failed(String reason) implements Outcome {}

    /** It is on its way: ask again later. */
    record Pending() implements Outcome {}
  }

  /**
   * Makes a customer; the same one for the same key.
   *
   * @return what the gateway calls it
   */
  String createCustomer(String idempotencyKey, Customer customer);

  /** What a browser needs to give the gateway a card of the customer. */
  String createSetupIntent(String customer);

  /** What a browser needs to give the gateway a bank account of the customer. */
  String createBankSession(String customer, Optional<String> returnUrl);

  /**
   * Opens a page of the gateway's on which a person gives it a payment method of the customer's.
   *
   * @param returnUrl where the page leads when that is done, with {@value #VISIT} where the name of
   *     the visit is to stand
   * @param cancelUrl where it leads otherwise
   * @return its address; empty where the gateway has no such page
   */
  Optional<String> openSetupPage(String customer, String returnUrl, String cancelUrl);

  /**
   * What the customer has given the gateway on a visit to its page.
   *
   * @throws RefusedException if there was no such visit of that customer, or nothing came of it
   */
  String givenOn(String customer, String visit);

  /** Stands for the name of a visit in an address. */
  String VISIT = "{CHECKOUT_SESSION_ID}";

  /**
   * Lets the customer pay by a card.
   *
   * @param reference a payment method or a token of the gateway's
   * @throws RefusedException if there is no such card, or it cannot be used
   */
  Method.Card attachCard(String customer, String reference);

  /**
   * Lets the customer pay from a bank account.
   *
   * @param reference what its owner was given when connecting it
   * @throws RefusedException if there is no such account, or it cannot be used
   */
  Method.BankAccount attachBankAccount(
      String customer, String reference, String holder, Mandate mandate);

  /** Who holds a bank account that was connected, where the gateway knows. */
  Optional<String> holderOf(String bankReference);

  /**
   * Looks a payment method up that another customer at the gateway has.
   *
   * @throws RefusedException if that customer has no such method
   */
  Method find(String customer, String reference);

  /** Forgets a payment method; one that it does not know is forgotten already. */
  void detach(String reference);

  /**
   * Lets the gateway know of a transfer, without moving anything.
   *
   * @return what the gateway calls it
   * @throws RefusedException if it can never be carried out
   */
  String prepare(Transfer transfer);

  /** Moves the money, once for each reference, and says how it went. */
  Outcome carryOut(Transfer transfer, String reference);

  /** The public key for browsers; empty where there is none. */
  Optional<String> publicKey();
}
