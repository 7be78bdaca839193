package postern.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.AxeResults;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Every page at three widths, light and dark: as a picture, and by the rules of WCAG 2.2 AA. */
@Tag("browser")
final class PagesTest {
  private static final List<Integer> WIDTHS = List.of(390, 768, 1440);
  private static final List<String> RULES =
      List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice");

  private static final List<String> CHECKED = List.of("390-dark", "1440-light");

  @SuppressWarnings("NullAway.Init")
  private static WebServer web;

  @SuppressWarnings("NullAway.Init")
  private static Map<String, String> paths;

  @BeforeAll
  static void start() throws Exception {
    web = WebServer.start("pages");
    paths = new Furnished(web.server()).paths();
  }

  @AfterAll
  static void stop() {
    web.close();
  }

  @TestFactory
  List<DynamicTest> looksRightAndCanBeUsedByEverybody() {
    List<DynamicTest> tests = new ArrayList<>();
    for (int width : WIDTHS) {
      for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
        String name = width + "-" + scheme.name().toLowerCase(java.util.Locale.ROOT);
        tests.add(DynamicTest.dynamicTest(name, () -> visitAll(width, scheme, name)));
      }
    }
    return tests;
  }

  private static void visitAll(int width, ColorScheme scheme, String name) {
    Page page = web.chromium().ofWidth(width, scheme);
    for (String open : List.of("/log-in", "/sign-up", "/forgot-password", "/nowhere")) {
      visit(page, open.substring(1), open, name);
    }
    web.logInAsDeveloper(page);
    paths.forEach((file, path) -> visit(page, file, path, name));
    assertThat(web.chromium().complaints()).isEmpty();
    page.context().close();
  }

  private static void visit(Page page, String file, String path, String name) {
    Response answer = page.navigate(path);
    assertThat(answer.status()).as("%s", path).isEqualTo(path.equals("/nowhere") ? 404 : 200);
    page.screenshot(
        new Page.ScreenshotOptions()
            .setFullPage(true)
            .setPath(Path.of("target/screenshots/" + file + "-" + name + ".png")));
    Object overflow =
        page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth");
    assertThat(((Number) overflow).intValue()).as("%s is too wide at %s", path, name).isZero();
    // The rules ask the same of every picture; two of them cover both layouts and both colours.
    if (!CHECKED.contains(name)) {
      return;
    }
    AxeResults results = new AxeBuilder(page).withTags(RULES).analyze();
    assertThat(results.getViolations())
        .as("%s at %s: %s", path, name, results.getViolations())
        .isEmpty();
  }
}
