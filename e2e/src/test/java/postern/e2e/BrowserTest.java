package postern.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

/** A server with its mail and a browser for each class, and a newcomer in it for each test. */
@Tag("browser")
abstract class BrowserTest {
  @SuppressWarnings("NullAway.Init")
  static WebServer web;

  @SuppressWarnings("NullAway.Init")
  Page page;

  @BeforeAll
  static void start() throws Exception {
    web = WebServer.start("web");
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

  void press(String button) {
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(button).setExact(true))
        .click();
  }

  void sees(String text) {
    assertThat(page.getByText(text).first()).isVisible();
  }

  Locator found(String text) {
    return page.locator("#found").getByText(text);
  }

  void fill(String label, String value) {
    page.getByLabel(label, new Page.GetByLabelOptions().setExact(true)).fill(value);
  }

  ApiClient as(String key) {
    return web.server().as(key);
  }

  static String address(String who) {
    return who + "-" + Long.toString(System.nanoTime(), 36) + "@example.com";
  }
}
