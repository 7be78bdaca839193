package postern.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.easypost.exception.API.InvalidRequestError;
import com.easypost.exception.API.PaymentError;
import com.easypost.exception.General.EndOfPaginationError;
import com.easypost.exception.General.InvalidObjectError;
import com.easypost.model.BetaPaymentRefund;
import com.easypost.model.PaymentMethod;
import com.easypost.model.PaymentMethod.Priority;
import com.easypost.model.PaymentMethodObject;
import com.easypost.model.ReferralCustomer;
import com.easypost.model.ReferralCustomerCollection;
import com.easypost.service.EasyPostClient;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Billing and referral customers by the official Java client. */
final class OfficialBillingTest {
  @SuppressWarnings("NullAway.Init")
  private static DevServer server;

  @SuppressWarnings("NullAway.Init")
  private static EasyPostClient partner;

  @SuppressWarnings("NullAway.Init")
  private static StripeTokens stripe;

  private static int customers;

  @BeforeAll
  static void start() throws Exception {
    server =
        DevServer.startOn(
            PosternProcess.newDataDir("billing"),
            60,
            Map.of("POSTERN_TLS_NAMES", StripeTokens.ORIGINAL));
    OfficialJavaClientTest.trust(server);
    stripe = new StripeTokens(server);
    stripe.intercept();
    partner = new EasyPostClient(server.fact("production_key"), server.fact("https"));
  }

  @AfterAll
  static void stop() throws Exception {
    stripe.close();
    server.close();
  }

  private static ReferralCustomer newCustomer() throws Exception {
    customers++;
    return partner.referralCustomer.create(
        Map.of(
            "name", "Test Referral",
            "email", "java" + customers + "@example.com",
            "phone", "5555555555"));
  }

  private static String keyOf(ReferralCustomer customer) {
    return customer.getApiKeys().get(1).getKey();
  }

  private static EasyPostClient clientOf(ReferralCustomer customer) throws Exception {
    return new EasyPostClient(keyOf(customer), server.fact("https"));
  }

  private static String balance(EasyPostClient client) throws Exception {
    return client.user.retrieveMe().getBalance();
  }

  @Test
  void referralCustomersAreCreatedListedAndChanged() throws Exception {
    Set<String> created = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      ReferralCustomer customer = newCustomer();
      assertThat(customer.getApiKeys()).hasSize(2);
      created.add(customer.getId());
    }
    ReferralCustomerCollection page = partner.referralCustomer.all(Map.of("page_size", 2));
    assertThat(page.getReferralCustomers()).hasSize(2);
    assertThat(page.getHasMore()).isTrue();
    // The next page of this client lies before the last record, and nothing may: recorded so.
    ReferralCustomerCollection next = partner.referralCustomer.getNextPage(page, 2);
    assertThat(next.getReferralCustomers().getFirst().getId())
        .isEqualTo(page.getReferralCustomers().getFirst().getId());
    assertThatThrownBy(() -> partner.referralCustomer.getNextPage(next, 2))
        .isInstanceOf(EndOfPaginationError.class);
    String id = created.iterator().next();
    partner.referralCustomer.updateEmail("changed" + customers + "@example.com", id);
    assertThat(partner.referralCustomer.all(Map.of("page_size", 100)).getReferralCustomers())
        .filteredOn(customer -> customer.getId().equals(id))
        .extracting(ReferralCustomer::getEmail)
        .containsExactly("changed" + customers + "@example.com");
  }

  @Test
  void cardsAndBankAccountsAreAddedFundedAndDeleted() throws Exception {
    ReferralCustomer customer = newCustomer();
    EasyPostClient client = clientOf(customer);
    assertThatThrownBy(client.billing::retrievePaymentMethods)
        .isInstanceOf(InvalidObjectError.class)
        .hasMessageContaining("No payment methods are set up");

    PaymentMethodObject card =
        partner.referralCustomer.addCreditCardFromStripe(
            keyOf(customer), "pm_card_visa", Priority.PRIMARY);
    assertThat(card.getLast4()).isEqualTo("4242");
    PaymentMethodObject account =
        partner.referralCustomer.addBankAccountFromStripe(
            keyOf(customer),
            "fca_sandbox_1",
            Map.of("ip_address", "127.0.0.1", "user_agent", "a", "accepted_at", 1722510730),
            Priority.SECONDARY);
    assertThat(account.getBankName()).isEqualTo("SANDBOX TEST BANK");
    assertThatThrownBy(
            () ->
                partner.referralCustomer.addBankAccountFromStripe(
                    keyOf(customer),
                    "fca_0QAc7sDqT4huGUvdf6BahYa9",
                    Map.of("ip_address", "127.0.0.1", "user_agent", "a", "accepted_at", 1),
                    Priority.SECONDARY))
        .isInstanceOf(InvalidRequestError.class)
        .hasMessageContaining("account_holder_name must be present");

    PaymentMethod methods = client.billing.retrievePaymentMethods();
    assertThat(methods.getPrimaryPaymentMethod().getId()).isEqualTo(card.getId());
    assertThat(methods.getSecondaryPaymentMethod().getId()).isEqualTo(account.getId());

    client.billing.fundWallet("2000");
    client.billing.fundWallet("500", Priority.SECONDARY);
    assertThat(balance(client)).isEqualTo("25.00000");
    client.billing.deletePaymentMethod(Priority.SECONDARY);
    assertThat(client.billing.retrievePaymentMethods().getSecondaryPaymentMethod()).isNull();

    partner.referralCustomer.addCreditCardFromStripe(
        keyOf(customer), "pm_card_chargeCustomerFail", Priority.PRIMARY);
    assertThatThrownBy(() -> client.billing.fundWallet("100")).isInstanceOf(PaymentError.class);
  }

  @Test
  void aCardsNumberGoesToStripeAndItsTokenToTheServer() throws Exception {
    ReferralCustomer customer = newCustomer();
    PaymentMethodObject card =
        partner.referralCustomer.addCreditCardToUser(
            keyOf(customer), "4242424242424242", 12, 2040, "123");
    assertThat(card.getBrand()).isEqualTo("Visa");
    assertThat(
            partner
                .referralCustomer
                .addCreditCardToUser(
                    keyOf(customer), "4242424242424242", 12, 2040, "123", Priority.SECONDARY)
                .getId())
        .isNotEqualTo(card.getId());
  }

  @Test
  void theBetaMethodsAddSecretsAndRefund() throws Exception {
    ReferralCustomer customer = newCustomer();
    EasyPostClient client = clientOf(customer);
    assertThat(client.betaReferralCustomer.createCreditCardClientSecret().getClientSecret())
        .startsWith("seti_");
    assertThat(client.betaReferralCustomer.createBankAccountClientSecret().getClientSecret())
        .startsWith("fcsess_client_secret_");
    assertThat(
            client
                .betaReferralCustomer
                .createBankAccountClientSecret("https://example.com")
                .getClientSecret())
        .startsWith("fcsess_client_secret_");
    assertThatThrownBy(() -> client.betaReferralCustomer.addPaymentMethod("cus_123", "ba_123"))
        .isInstanceOf(InvalidRequestError.class)
        .hasMessageContaining("Invalid connect integration.");
    PaymentMethodObject adopted =
        client.betaReferralCustomer.addPaymentMethod(
            "cus_sandbox_mine", "pm_card_visa", Priority.PRIMARY);
    assertThat(adopted.getLast4()).isEqualTo("4242");

    assertThatThrownBy(() -> client.betaReferralCustomer.refundByAmount(2000))
        .isInstanceOf(InvalidRequestError.class)
        .hasMessageContaining("Refund amount is invalid");
    assertThatThrownBy(() -> client.betaReferralCustomer.refundByPaymentLog("paylog_123"))
        .isInstanceOf(InvalidRequestError.class)
        .hasMessageContaining("could not find a transaction");
    client.billing.fundWallet("2000");
    BetaPaymentRefund part = client.betaReferralCustomer.refundByAmount(500);
    assertThat(part.getRefundedAmount()).isEqualTo(500);
    assertThat(part.getErrors()).isEmpty();
    BetaPaymentRefund rest =
        client.betaReferralCustomer.refundByPaymentLog(part.getRefundedPaymentLogs().getFirst());
    assertThat(rest.getRefundedAmount()).isEqualTo(1500);
    assertThat(balance(client)).isEqualTo("0.00000");
  }
}
