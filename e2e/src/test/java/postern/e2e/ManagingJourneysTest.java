package postern.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.nio.file.Files;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What people do on the web side once they are in, in a real browser. */
final class ManagingJourneysTest extends BrowserTest {
  /** The key of the page that shows one. */
  private String revealedKey() {
    press("Reveal");
    assertThat(page.locator("#secret .copy")).isVisible();
    return page.locator("#secret code").textContent();
  }

  @BeforeEach
  void logIn() {
    web.logInAsDeveloper(page);
  }

  @Test
  void aKeyIsCreatedShownDisabledEnabledAndDeleted() throws Exception {
    page.navigate("/keys");
    fill("Name of the key", "Night job");
    page.getByLabel("Production").check();
    press("Create the key");
    sees("The key was created");
    assertThat(page.locator("h1")).hasText("Night job");
    String key = revealedKey();
    assertThat(as(key).get("/v2/users").status()).isEqualTo(200);
    press("Disable the key");
    sees("The key was disabled");
    assertThat(as(key).get("/v2/users").status()).isEqualTo(403);
    press("Enable the key");
    sees("The key works again");
    assertThat(as(key).get("/v2/users").status()).isEqualTo(200);
    fill("Name of the key", "Day job");
    press("Save the name");
    sees("The key was renamed");
    page.onDialog(dialog -> dialog.accept());
    press("Delete the key");
    sees("The key was deleted");
    assertThat(as(key).get("/v2/users").status()).isEqualTo(403);
  }

  @Test
  void aChildIsCreatedLimitedDeletedAndRestored() throws Exception {
    page.navigate("/children");
    fill("Name", "Paris branch");
    press("Create the child");
    sees("The child user was created");
    String path = page.url().replaceAll("\\?.*", "");
    fill("Spend limit in dollars", "12.50");
    press("Save");
    sees("$12.50 a month");
    page.locator("td a", new Page.LocatorOptions().setHasText("EZAK")).click();
    String key = revealedKey();
    assertThat(as(key).get("/v2/users").status()).isEqualTo(200);
    page.navigate(path);
    page.locator("#typed_name").fill("Paris");
    press("Delete the child");
    sees("must be the name of the child user");
    assertThat(as(key).get("/v2/users").status()).isEqualTo(200);
    page.locator("#typed_name").fill("Paris branch");
    long pressed = System.nanoTime();
    press("Delete the child");
    Waiting.until("the key is dead", 1, () -> as(key).get("/v2/users").status() == 403);
    assertThat(System.nanoTime() - pressed).isLessThan(10_000_000_000L);
    sees("The child user was deleted");
    page.locator("tr", new Page.LocatorOptions().setHasText("Paris branch"))
        .getByText("Restore")
        .click();
    sees("The child user was restored");
    assertThat(as(key).get("/v2/users").status()).isEqualTo(200);
  }

  @Test
  void childrenAreFoundWhileTheirNameIsTyped() throws Exception {
    ApiClient api = web.server().production();
    api.post("/v2/users", "{\"user\":{\"name\":\"Zebra crossing\"}}");
    String id = api.post("/v2/users", "{\"user\":{\"name\":\"100% Quagga_\"}}").text("id");
    page.navigate("/children");
    page.getByLabel("Search").pressSequentially("100% qua");
    assertThat(found("100% Quagga_")).isVisible();
    assertThat(found("Zebra crossing")).hasCount(0);
    page.getByLabel("Search").fill("100%");
    assertThat(found("100% Quagga_")).isVisible();
    page.getByLabel("Search").fill("nobody is called so");
    assertThat(found("No child has")).isVisible();
    page.getByLabel("Search").fill(id);
    assertThat(found("100% Quagga_")).isVisible();
  }

  @Test
  void aWebhookIsToldAndItsAttemptsAreShownAndRepeated() throws Exception {
    try (Receiver receiver = new Receiver(() -> 200)) {
      page.navigate("/webhooks");
      fill("URL", receiver.url());
      page.getByLabel("Events of children too").check();
      press("Add the webhook");
      sees("The webhook was created");
      String hook = page.url();
      web.server().production().post("/v2/users", "{\"user\":{\"name\":\"Told\"}}");
      Waiting.until("deliveries", 20, () -> receiver.taken().size() >= 3);
      Waiting.until(
          "an attempt on the page",
          20,
          () -> {
            page.navigate(hook);
            return page.locator("td a").count() >= 3;
          });
      page.locator("td a", new Page.LocatorOptions().setHasText("user.created")).first().click();
      assertThat(page.locator("pre").first()).containsText("Told");
      page.locator("summary", new Page.LocatorOptions().setHasText("200")).first().click();
      assertThat(page.getByText("\"description\" : \"user.created\"").first()).isVisible();
      int before = receiver.taken().size();
      press("Send again");
      sees("The deliveries are on their way");
      Waiting.until("one more", 20, () -> receiver.taken().size() > before);
      page.navigate(hook);
      fill("Since (UTC)", "2026-01-01T00:00");
      press("Replay");
      sees("The deliveries are on their way");
      Waiting.until("all again", 20, () -> receiver.taken().size() >= before + 3);
      page.onDialog(dialog -> dialog.accept());
      press("Delete the webhook");
      sees("The webhook was deleted");
    }
  }

  @Test
  void eventsAppearWhileThePageIsOpen() throws Exception {
    page.navigate("/events");
    assertThat(page.locator(".live")).isVisible();
    String id =
        web.server().production().post("/v2/users", "{\"user\":{\"name\":\"Live\"}}").text("id");
    assertThat(page.locator("#list").getByText(id).first()).isVisible();
    page.getByText("Test", new Page.GetByTextOptions().setExact(true)).click();
    assertThat(page.locator("#list")).not().containsText(id);
  }

  @Test
  void moneyIsAddedAndShownAndDownloaded() throws Exception {
    page.navigate("/billing");
    press("Add the card");
    sees("The payment method was added");
    fill("Add money, in dollars", "25");
    press("Add the money");
    sees("The money was added");
    assertThat(page.locator("#ledger")).containsText("+$25.75");
    assertThat(page.locator("svg polyline")).hasCount(1);
    fill("Threshold in dollars", "50");
    fill("Amount from the primary", "40");
    press("Save");
    sees("must be below recharge_amount");
    fill("Amount from the primary", "60");
    press("Save");
    sees("The recharge settings were saved");
    Download statement = page.waitForDownload(() -> page.locator(".links a").first().click());
    assertThat(Files.readString(statement.path())).contains("payment", "25.75");
    page.onDialog(dialog -> dialog.accept());
    press("Remove");
    sees("The payment method was removed");
  }

  @Test
  void theAuditLogSaysWhoDidItAndIsExported() throws Exception {
    page.navigate("/children");
    fill("Name", "Audited");
    press("Create the child");
    sees("The child user was created");
    page.navigate("/audit");
    fill("What", "user.created");
    press("Show");
    Locator row = page.locator("tbody tr").first();
    assertThat(row).containsText("Person " + web.server().fact("email"));
    assertThat(row).containsText("Audited");
    row.locator("summary").click();
    assertThat(row.locator("pre").last()).containsText("\"name\" : \"Audited\"");
    Download export = page.waitForDownload(() -> page.getByText("Export as CSV").click());
    assertThat(Files.readString(export.path())).contains("user.created").contains("Audited");
  }

  @Test
  void developersFindTheirKeyInEachLine() {
    page.navigate("/developers");
    for (String code : page.locator(".sample pre").allTextContents()) {
      assertThat(code).contains(web.server().fact("test_key"));
    }
  }

  @Test
  void theApiTakesTheCookieOnlyFromThisServersOwnPages() {
    page.navigate("/overview");
    String ask = "headers => fetch('/v2/users', { headers }).then(answer => answer.status)";
    assertThat(page.evaluate(ask, java.util.Map.of())).isEqualTo(401);
    assertThat(page.evaluate(ask, java.util.Map.of("X-CSRF-Token", "x"))).isEqualTo(401);
    String token = page.locator("input[name=form_token]").first().inputValue();
    assertThat(page.evaluate(ask, java.util.Map.of("X-CSRF-Token", token))).isEqualTo(200);
  }

  @Test
  void worksWithoutScripts() throws Exception {
    Page plain = web.chromium().withoutScripts();
    web.logIn(plain, web.server().fact("email"), web.server().fact("password"));
    plain.navigate("/children");
    plain.getByLabel("Name", new Page.GetByLabelOptions().setExact(true)).fill("Plain branch");
    plain.getByText("Create the child", new Page.GetByTextOptions().setExact(true)).last().click();
    assertThat(plain.locator("h1")).hasText("Plain branch");
    plain.navigate("/children");
    plain.getByLabel("Search").fill("plain");
    plain.getByText("Search", new Page.GetByTextOptions().setExact(true)).last().click();
    assertThat(plain.locator("#found")).containsText("Plain branch");
    plain.context().close();
  }
}
