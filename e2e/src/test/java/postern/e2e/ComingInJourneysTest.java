package postern.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.util.encoders.Base32;
import org.junit.jupiter.api.Test;
import postern.crypto.Totp;

/** How people come in by the web side, from the first mail on, in a real browser. */
final class ComingInJourneysTest extends BrowserTest {
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
    page.locator("#factor_password").fill(WebServer.PASSWORD);
    fill("Code, or recovery code", codes.get(1));
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
