package postern.billing;

import java.util.Optional;
import java.util.SplittableRandom;
import postern.billing.gateway.Gateway;

/**
 * Goes on to another gateway, and breaks off now and then as a server that dies does: before a call
 * leaves, or after it has come back and before anybody has heard of it.
 */
final class CrashingGateway implements Gateway {
  /** Stands for the death of the thread: nobody is to act on it. */
  static final class CrashException extends RuntimeException {
    CrashException() {
      super("the server has died here");
    }
  }

  private final Gateway gateway;
  private final SplittableRandom random;
  private final int onceIn;
  private volatile boolean crashes = true;

  CrashingGateway(Gateway gateway, SplittableRandom random, int onceIn) {
    this.gateway = gateway;
    this.random = random;
    this.onceIn = onceIn;
  }

  void stopCrashing() {
    crashes = false;
  }

  private void perhaps() {
    synchronized (random) {
      if (crashes && random.nextInt(onceIn) == 0) {
        throw new CrashException();
      }
    }
  }

  @Override
  public String prepare(Transfer transfer) {
    perhaps();
    String reference = gateway.prepare(transfer);
    perhaps();
    return reference;
  }

  @Override
  public Outcome carryOut(Transfer transfer, String reference) {
    perhaps();
    Outcome outcome = gateway.carryOut(transfer, reference);
    perhaps();
    return outcome;
  }

  @Override
  public String createCustomer(String idempotencyKey, Customer customer) {
    return gateway.createCustomer(idempotencyKey, customer);
  }

  @Override
  public String createSetupIntent(String customer) {
    return gateway.createSetupIntent(customer);
  }

  @Override
  public Optional<String> openSetupPage(String customer, String returnUrl, String cancelUrl) {
    return gateway.openSetupPage(customer, returnUrl, cancelUrl);
  }

  @Override
  public String givenOn(String customer, String visit) {
    return gateway.givenOn(customer, visit);
  }

  @Override
  public String createBankSession(String customer, Optional<String> returnUrl) {
    return gateway.createBankSession(customer, returnUrl);
  }

  @Override
  public Method.Card attachCard(String customer, String reference) {
    return gateway.attachCard(customer, reference);
  }

  @Override
  public Method.BankAccount attachBankAccount(
      String customer, String reference, String holder, Mandate mandate) {
    return gateway.attachBankAccount(customer, reference, holder, mandate);
  }

  @Override
  public Optional<String> holderOf(String bankReference) {
    return gateway.holderOf(bankReference);
  }

  @Override
  public Method find(String customer, String reference) {
    return gateway.find(customer, reference);
  }

  @Override
  public void detach(String reference) {
    gateway.detach(reference);
  }

  @Override
  public Optional<String> publicKey() {
    return gateway.publicKey();
  }
}
