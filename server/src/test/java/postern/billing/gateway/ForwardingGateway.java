package postern.billing.gateway;

import java.util.Optional;

/** Goes on to another gateway; tests override what is to be different. */
public abstract class ForwardingGateway implements Gateway {
  private final Gateway gateway;

  protected ForwardingGateway(Gateway gateway) {
    this.gateway = gateway;
  }

  @Override
  public String prepare(Transfer transfer) {
    return gateway.prepare(transfer);
  }

  @Override
  public Outcome carryOut(Transfer transfer, String reference) {
    return gateway.carryOut(transfer, reference);
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
