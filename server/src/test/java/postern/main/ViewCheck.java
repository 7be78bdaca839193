package postern.main;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import postern.accounts.ChildQuery;
import postern.accounts.web.UserViews;
import postern.core.Credential;
import postern.core.KeyId;
import postern.core.Mode;
import postern.core.Principal;
import postern.core.UserId;

/** Compares the views that a server remembers with what stands in its database. */
final class ViewCheck {
  /** Root and id of the users to look at. */
  static final String LAST_CHANGED =
      "select root_id || ' ' || id from users where deleted_at is null"
          + " order by updated_at desc limit 20";

  private static final ChildQuery FIRST_PAGE =
      new ChildQuery(Optional.empty(), Optional.empty(), true, 20, false);

  private final UserViews remembered;
  private final UserViews anew;

  ViewCheck(Services services) {
    remembered = services.userViews;
    anew = new UserViews(services.database, services.users, 0);
  }

  /** Those whose remembered view is none that was true while this looked. */
  List<String> outdated(List<String> users) {
    return users.stream().filter(each -> isOutdated(each.split(" ", -1))).toList();
  }

  private boolean isOutdated(String[] rootAndId) {
    UserId root = new UserId(UUID.fromString(rootAndId[0]));
    UserId id = new UserId(UUID.fromString(rootAndId[1]));
    Principal caller =
        new Principal(root, root, new Credential.Key(new KeyId(root.uuid())), Mode.PRODUCTION);
    return isOutdated(views -> views.find(caller, id).orElse(null))
        || isOutdated(views -> views.children(caller, FIRST_PAGE).json());
  }

  private boolean isOutdated(Function<UserViews, byte @Nullable []> view) {
    byte @Nullable [] before = view.apply(anew);
    byte @Nullable [] seen = view.apply(remembered);
    return !Arrays.equals(seen, before) && !Arrays.equals(seen, view.apply(anew));
  }
}
