package postern.accounts.web;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.accounts.Brand;
import postern.accounts.Brands;
import postern.core.Checks;
import postern.http.Access;
import postern.http.Answer;
import postern.http.Call;
import postern.http.Params;
import postern.http.Route;
import postern.json.JsonOut;

/** The routes of brands. */
public final class BrandApi {
  private static final int NAME_LENGTH_MAX = 255;
  private static final int URL_LENGTH_MAX = 255;
  private static final int IMAGE_LENGTH_MAX = 500_000;
  private static final Set<String> THEMES = Set.of("theme1", "theme2");
  private static final String COLOR = "#[0-9A-Fa-f]{3}([0-9A-Fa-f]{3})?";
  private static final String URL = "https?://\\S+";
  private static final String IMAGE = "data:image/(png|gif|jpeg|svg\\+xml);base64,\\S+|" + URL;

  private final Brands brands;

  public BrandApi(Brands brands) {
    this.brands = brands;
  }

  public List<Route> routes() {
    String path = "/v2/users/{id}/brand";
    Access access = Access.PRODUCTION_KEY;
    return List.of(
        new Route("GET", path, access, this::get),
        new Route("PUT", path, access, this::update),
        new Route("PATCH", path, access, this::update));
  }

  private Answer get(Call call) {
    Brand brand = brands.get(call.caller(), Caller.userIn(call));
    return Answer.json(200, out -> write(out, brand));
  }

  private Answer update(Call call) {
    Brand.Look look = lookIn(call.params().unwrap("brand"));
    Brand brand = brands.update(call.caller(), Caller.userIn(call), look);
    return Answer.json(200, out -> write(out, brand));
  }

  private static Brand.Look lookIn(Params brand) {
    Checks checks = new Checks();
    Brand.Look look =
        new Brand.Look(
            image(checks, brand, "ad"),
            url(checks, brand, "ad_href"),
            color(checks, brand, "background_color"),
            color(checks, brand, "color"),
            image(checks, brand, "logo"),
            url(checks, brand, "logo_href"),
            text(checks, brand, "name", NAME_LENGTH_MAX),
            theme(checks, brand));
    checks.throwIfAny();
    return look;
  }

  private static @Nullable String color(Checks checks, Params brand, String name) {
    return matching(checks, brand, name, COLOR.length(), COLOR, "must be a color such as #123456");
  }

  private static @Nullable String url(Checks checks, Params brand, String name) {
    return matching(
        checks, brand, name, URL_LENGTH_MAX, URL, "must be a URL that begins with https://");
  }

  private static @Nullable String image(Checks checks, Params brand, String name) {
    return matching(
        checks,
        brand,
        name,
        IMAGE_LENGTH_MAX,
        IMAGE,
        "must be a PNG, GIF, JPEG or SVG image as a base64 data URI");
  }

  private static @Nullable String theme(Checks checks, Params brand) {
    String theme = text(checks, brand, "theme", NAME_LENGTH_MAX);
    if (theme != null && !THEMES.contains(theme)) {
      checks.invalid(brand.field("theme"), "must be one of theme1, theme2");
    }
    return theme;
  }

  private static @Nullable String matching(
      Checks checks, Params brand, String name, int lengthMax, String pattern, String expected) {
    String text = text(checks, brand, name, lengthMax);
    if (text != null && !text.matches(pattern)) {
      checks.invalid(brand.field(name), expected);
    }
    return text;
  }

  private static @Nullable String text(Checks checks, Params brand, String name, int lengthMax) {
    return checks.text(brand.field(name), brand.get(name), lengthMax).orElse(null);
  }

  /** Recorded since 2024-07: alphabetical. */
  private static void write(JsonOut out, Brand brand) {
    Brand.Look look = brand.look();
    out.startObject().text("ad", look.ad()).text("ad_href", look.adHref());
    out.text("background_color", look.backgroundColor()).text("color", look.color());
    out.text("id", brand.id()).text("logo", look.logo()).text("logo_href", look.logoHref());
    out.text("name", look.name()).text("object", "Brand").text("theme", look.theme());
    out.text("user_id", brand.user()).endObject();
  }
}
