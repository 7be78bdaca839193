package postern.main;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import postern.http.Access;
import postern.http.Route;
import postern.http.RouteClass;

/** Every list, search and export is counted as one. */
class ListRoutesTest extends RouteTest {
  /** Reads of one thing, or of a fixed few. A new route belongs here or has the class of lists. */
  private static final Set<String> SINGLE =
      Set.of(
          "GET /v2/users",
          "GET /v2/users/{id}",
          "GET /v2/users/{id}/brand",
          "GET /v2/events/{id}",
          "GET /v2/events/{id}/payloads/{payload_id}",
          "GET /v2/webhooks/{id}",
          // One of each priority.
          "GET /v2/payment_methods",
          "GET /v2/partners/stripe_public_key",
          "GET /beta/partners/stripe_public_key",
          "GET /billing/methods/given",
          "GET /change-email/{token}",
          "GET /confirm",
          "GET /developers",
          "GET /keys/{id}",
          "GET /profile",
          "GET /profile/second-factor");

  @Test
  void haveTheClassOfLists() {
    Set<String> reads = new TreeSet<>();
    for (Route route : server().routes().all()) {
      if (route.method().equals("GET")
          && route.access() != Access.PUBLIC
          && !Set.of(RouteClass.INDEX, RouteClass.FEED, RouteClass.SECRET).contains(route.kind())) {
        reads.add(route.name());
      }
    }
    assertThat(reads).containsExactlyInAnyOrderElementsOf(SINGLE);
  }

  @Test
  void doNotCountWhatIsNoList() {
    List<String> counted =
        server().routes().all().stream()
            .filter(route -> route.kind() == RouteClass.INDEX)
            .map(Route::name)
            .filter(name -> SINGLE.contains(name) || !name.startsWith("GET "))
            .collect(Collectors.toList());
    assertThat(counted).isEmpty();
  }
}
