package postern.main;

import java.util.Arrays;
import java.util.List;
import java.util.UUID;
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
    byte[] before = anew.find(caller, id).orElse(null);
    byte[] seen = remembered.find(caller, id).orElse(null);
    return !Arrays.equals(seen, before) && !Arrays.equals(seen, anew.find(caller, id).orElse(null));
  }
}
