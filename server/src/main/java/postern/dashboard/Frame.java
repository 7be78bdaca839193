package postern.dashboard;

import java.util.List;
import java.util.Optional;

/**
 * What is around the content of every page.
 *
 * @param title of the page
 * @param section where in the navigation it is; empty for pages outside
 * @param formToken what each form carries
 * @param signedIn who has logged in; empty on pages that are open
 * @param notice what has just been done
 * @param assets the paths of files that pages link to
 * @param product what this server is called
 */
public record Frame(
    String title,
    String section,
    String formToken,
    Optional<SignedIn> signedIn,
    Optional<String> notice,
    Assets.Paths assets,
    String product) {
  /** Who has logged in, and to what. */
  public record SignedIn(String person, String email) {}

  /** A place that can be gone to. */
  public record Place(String path, String name) {}

  /** The navigation. */
  public List<Place> places() {
    return List.of(
        new Place("/overview", "Overview"),
        new Place("/keys", "API keys"),
        new Place("/children", "Children"),
        new Place("/webhooks", "Webhooks"),
        new Place("/events", "Events"),
        new Place("/billing", "Billing"),
        new Place("/audit", "Audit log"),
        new Place("/developers", "Developers"));
  }
}
