package postern.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.util.encoders.Base32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import postern.crypto.Totp;

/** What people do on the web side, from the first mail on, in a real browser. */
@DisabledIfSystemProperty(named = "postern.e2e.without-browser", matches = "true")
final class JourneysTest {
  @SuppressWarnings("NullAway.Init")
  private static WebServer web;

  @SuppressWarnings("NullAway.Init")
  private Page page;

  @BeforeAll
  static void start() throws Exception {
    web = WebServer.start("journeys");
  }

  @AfterAll
  static void stop() {
    web.close();
  }

  @BeforeEach
  void openBrowser() {
    page = web.chromium().newcomer();
  }

  @AfterEach
  void closeBrowser() {
    assertThat(web.chromium().complaints()).isEmpty();
    page.context().close();
  }

  private void press(String button) {
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(button).setExact(true))
        .click();
  }

  private void sees(String text) {
    assertThat(page.getByText(text).first()).isVisible();
  }

  private Locator found(String text) {
    return page.locator("#found").getByText(text);
  }

  private void fill(String label, String value) {
    page.getByLabel(label, new Page.GetByLabelOptions().setExact(true)).fill(value);
  }

  private ApiClient as(String key) {
    return web.server().as(key);
  }

  private static String address(String who) {
    return who + "-" + Long.toString(System.nanoTime(), 36) + "@example.com";
  }

  /** The key of the page that shows one. */
  private String revealedKey() {
    press("Reveal");
    assertThat(page.locator("#secret .copy")).isVisible();
    return page.locator("#secret code").textContent();
  }

  @Nested
  class ComingIn {
    @Test
    void openAnAccountThroughTheMailAndLogInAgain() throws Exception {
      String email = address("ada");
      web.signUp(page, "Ada's shop", email);
      sees("Welcome!");
      assertThat(page.locator("h1")).hasText("Ada's shop");
      press("Log out");
      sees("You have logged out.");
      page.navigate("/overview");
      assertThat(page.url()).contains("/log-in?next=%2Foverview");
      web.logIn(page, email, "not the password");
      sees("is wrong, or the address is");
      web.logIn(page, email, WebServer.PASSWORD);
      page.waitForURL("**/overview**");
    }

    @Test
    void aLinkOpensOnceAndInAnotherBrowserAsksForThePassword() throws Exception {
      String email = address("bea");
      page.navigate("/sign-up");
      fill("Name", "Bea");
      fill("E-mail", email);
      fill("Password", WebServer.PASSWORD);
      press("Open the account");
      sees("Check your mail");
      String link = WebServer.linkIn(web.mailTo(email, "Confirm your e-mail address"));
      Page phone = web.chromium().newcomer();
      phone.navigate(link);
      phone.getByLabel("Password").fill("a wrong password");
      phone.getByText("Confirm and log in").click();
      assertThat(phone.getByText("must be the one that was chosen")).isVisible();
      phone.getByLabel("Password").fill(WebServer.PASSWORD);
      phone.getByText("Confirm and log in").click();
      phone.waitForURL("**/overview**");
      phone.context().close();
      page.navigate(link);
      sees("This link does not work any more");
    }

    @Test
    void signingUpTwiceTellsOnlyTheOwnerOfTheAddress() throws Exception {
      String email = address("cleo");
      web.signUp(page, "Cleo", email);
      Page stranger = web.chromium().newcomer();
      stranger.navigate("/sign-up");
      stranger.getByLabel("Name").fill("Stranger");
      stranger.getByLabel("E-mail").fill(email.toUpperCase(java.util.Locale.ROOT));
      stranger.getByLabel("Password").fill("another password");
      stranger.getByText("Open the account").click();
      assertThat(stranger.locator("h1")).hasText("Check your mail");
      web.mailTo(email, "You have an account already");
      stranger.context().close();
    }

    @Test
    void aLostPasswordIsReplacedThroughTheMail() throws Exception {
      String email = address("dora");
      web.signUp(page, "Dora", email);
      Page other = web.chromium().newcomer();
      other.navigate("/forgot-password");
      other.getByLabel("E-mail").fill(email);
      other.getByText("Send the link").click();
      assertThat(other.locator("h1")).hasText("Check your mail");
      other.navigate(WebServer.linkIn(web.mailTo(email, "Choose a new password")));
      other.getByLabel("New password").fill("a new password of mine");
      other.getByText("Change the password").click();
      assertThat(other.getByText("Please log in with the new one")).isVisible();
      web.mailTo(email, "Your password was changed");
      page.navigate("/overview");
      assertThat(page.url()).as("all sessions have ended").contains("/log-in");
      web.logIn(other, email, "a new password of mine");
      other.waitForURL("**/overview**");
      other.context().close();
    }

    @Test
    void aSecondFactorIsSetUpAndAskedForAndRecovered() throws Exception {
      String email = address("eva");
      web.signUp(page, "Eva", email);
      page.navigate("/profile");
      page.getByText("Set it up").click();
      assertThat(page.locator("svg.qr")).isVisible();
      byte[] secret = Base32.decode(page.locator("code.typed").textContent().replace(" ", "") + "");
      fill("Code", "000000");
      press("Switch it on");
      sees("Code is wrong");
      fill("Code", Totp.code(secret, Instant.now()));
      press("Switch it on");
      List<String> codes = page.locator(".codes code").allTextContents();
      assertThat(codes).hasSize(10).doesNotHaveDuplicates();
      page.getByText("I have kept them").click();
      sees("10 recovery codes are left");
      press("Log out");
      web.logIn(page, email, WebServer.PASSWORD);
      assertThat(page.locator("h1")).hasText("Enter your code");
      page.navigate("/overview");
      assertThat(page.url()).as("nothing is open before the code").contains("/log-in");
      page.navigate("/log-in/code");
      // A step later: the code of this one may have been used above.
      fill("Code", Totp.code(secret, Instant.now().plusSeconds(30)));
      press("Log in");
      page.waitForURL("**/overview**");
      press("Log out");
      web.logIn(page, email, WebServer.PASSWORD);
      fill("Code", codes.getFirst());
      press("Log in");
      page.waitForURL("**/overview**");
      page.navigate("/profile");
      sees("9 recovery codes are left");
      page.onDialog(dialog -> dialog.accept());
      press("Switch it off");
      sees("The second factor was switched off");
    }

    @Test
    void passwordAndAddressAreChangedAndOtherSessionsEnded() throws Exception {
      String email = address("fay");
      web.signUp(page, "Fay", email);
      Page other = web.chromium().newcomer();
      web.logIn(other, email, WebServer.PASSWORD);
      other.waitForURL("**/overview**");
      page.navigate("/profile");
      assertThat(page.getByText("This one")).hasCount(1);
      press("Log out everywhere else");
      sees("All other sessions were ended");
      other.navigate("/overview");
      assertThat(other.url()).contains("/log-in");
      other.context().close();
      fill("Current password", "a wrong password");
      fill("New password", "another password of mine");
      press("Change the password");
      sees("Current password must be the current password");
      fill("Current password", WebServer.PASSWORD);
      fill("New password", "another password of mine");
      press("Change the password");
      sees("The password was changed");
      String next = address("fay-next");
      fill("New address", next);
      fill("Your password", "another password of mine");
      press("Send the link");
      sees("We have sent a mail");
      page.navigate(WebServer.linkIn(web.mailTo(next, "Confirm your new e-mail address")));
      press("Change the address");
      sees("Your e-mail address was changed");
      web.mailTo(email, "Your e-mail address was changed");
      press("Log out");
      web.logIn(page, next, "another password of mine");
      page.waitForURL("**/overview**");
    }
  }

  @Nested
  class Managing {
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
      page.getByLabel("Search").pressSequentially("agga");
      assertThat(found("100% Quagga_")).isVisible();
      assertThat(found("Zebra crossing")).hasCount(0);
      page.getByLabel("Search").fill("% Q");
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
