package postern.accounts;

import org.jspecify.annotations.Nullable;
import postern.core.BrandId;
import postern.core.UserId;

/** How a user's pages look to its customers: its own settings over the server's defaults. */
public record Brand(BrandId id, UserId user, Look look) {
  /** What can be set; null where nothing is. */
  public record Look(
      @Nullable String ad,
      @Nullable String adHref,
      @Nullable String backgroundColor,
      @Nullable String color,
      @Nullable String logo,
      @Nullable String logoHref,
      @Nullable String name,
      @Nullable String theme) {
    /** Nothing set. */
    public static final Look NONE = new Look(null, null, null, null, null, null, null, null);

    /** This look, and where it has nothing, the other. */
    public Look over(Look other) {
      return new Look(
          first(ad, other.ad),
          first(adHref, other.adHref),
          first(backgroundColor, other.backgroundColor),
          first(color, other.color),
          first(logo, other.logo),
          first(logoHref, other.logoHref),
          first(name, other.name),
          first(theme, other.theme));
    }

    private static @Nullable String first(@Nullable String one, @Nullable String other) {
      return one == null ? other : one;
    }
  }
}
