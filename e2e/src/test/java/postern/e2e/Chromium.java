package postern.e2e;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The system's Chromium, as people use it. One instance serves one thread. */
final class Chromium implements AutoCloseable {
  private static final List<String> PROGRAMS =
      List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");
  private static final double PATIENCE_MS = 15_000;

  private final Playwright playwright;
  private final Browser browser;
  private final String base;
  private final ConcurrentLinkedQueue<String> complaints = new ConcurrentLinkedQueue<>();

  private Chromium(Playwright playwright, Browser browser, String base) {
    this.playwright = playwright;
    this.browser = browser;
    this.base = base;
  }

  /** Opens it for a server. */
  static Chromium open(String base) {
    String program =
        PROGRAMS.stream()
            .filter(p -> Files.isExecutable(Path.of(p)))
            .findFirst()
            .orElseThrow(Chromium::missing);
    Playwright playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    Browser browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(Path.of(program))
                    // Tests run as root in CI, where its sandbox refuses to.
                    .setArgs(List.of("--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu")));
    return new Chromium(playwright, browser, base);
  }

  private static AssertionError missing() {
    return new AssertionError(
        "Chromium is needed at one of "
            + PROGRAMS
            + ": install it (apt-get install chromium), or leave these tests out with"
            + " -DexcludedGroups=browser");
  }

  /** A browser that has never been anywhere. */
  Page newcomer() {
    return page(new Browser.NewContextOptions());
  }

  /** The same without JavaScript. */
  Page withoutScripts() {
    return page(new Browser.NewContextOptions().setJavaScriptEnabled(false));
  }

  /** The same with a window of a width, in light or dark. */
  Page ofWidth(int width, ColorScheme scheme) {
    return page(new Browser.NewContextOptions().setViewportSize(width, 900).setColorScheme(scheme));
  }

  private Page page(Browser.NewContextOptions options) {
    BrowserContext context = browser.newContext(options.setBaseURL(base));
    context.setDefaultTimeout(PATIENCE_MS);
    Page page = context.newPage();
    page.onPageError(error -> complaints.add(page.url() + ": " + error));
    page.onConsoleMessage(
        message -> {
          // What a page may not do by its Content-Security-Policy is said here.
          if (message.text().contains("Content Security Policy")) {
            complaints.add(page.url() + ": " + message.text());
          }
        });
    return page;
  }

  /** What scripts have failed at, and what the policy of the pages has stopped. */
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
