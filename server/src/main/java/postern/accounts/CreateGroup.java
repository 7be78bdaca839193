package postern.accounts;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import postern.accounts.ContactStore.Contact;
import postern.core.ApiException;
import postern.core.Origin;
import postern.core.UserId;
import postern.journal.Change;
import postern.journal.ChangeLog;
import postern.keys.Keys;
import postern.keys.NewKey;
import postern.sql.Tx;

/**
 * Children of one family or several, decided one after the other and written together: as many
 * statements for all as for one.
 */
final class CreateGroup {
  /**
   * A child that is to be, with all that can be made of it before it is written.
   *
   * @param origin where the request for it comes from
   * @param contacts what only one user of the family may have
   * @param prefix what stands before the names of parameters in messages
   * @param changes what journals are told of it
   */
  record Child(
      User user,
      Origin origin,
      List<Contact> contacts,
      String prefix,
      List<NewKey> keys,
      List<Change> changes) {
    CreateUsers.Created created() {
      return new CreateUsers.Created(user, keys.stream().map(NewKey::key).toList());
    }

    private Optional<Contact> firstIn(Set<Contact> some) {
      return contacts.stream().filter(some::contains).findFirst();
    }

    private ApiException.Invalid refusal(Contact taken) {
      return taken.kind().taken(prefix + taken.kind().field());
    }
  }

  private final Keys keys;
  private final ChangeLog log;

  CreateGroup(Keys keys, ChangeLog log) {
    this.keys = keys;
    this.log = log;
  }

  /**
   * Creates what can be created.
   *
   * @return why a child was refused, for each of them in their order; empty for one that is created
   * @throws ApiException.Invalid if another transaction was quicker to take an address or a number:
   *     none of them is created then
   */
  List<Optional<ApiException.Invalid>> run(Tx tx, List<Child> children) {
    Map<UserId, Contact> missed = missed(tx, children);
    List<Child> accepted =
        children.stream().filter(child -> !missed.containsKey(child.user.id())).toList();
    if (!accepted.isEmpty()) {
      write(tx, accepted);
    }
    return children.stream()
        .map(child -> Optional.ofNullable(missed.get(child.user.id())).map(child::refusal))
        .toList();
  }

  /** Children that want what another user has, or a child before them that gets all it wants. */
  private static Map<UserId, Contact> missed(Tx tx, List<Child> children) {
    List<Contact> wanted = children.stream().flatMap(child -> child.contacts.stream()).toList();
    if (wanted.isEmpty()) {
      return Map.of();
    }
    Set<Contact> taken = ContactStore.taken(tx, wanted);
    Map<UserId, Contact> missed = new HashMap<>();
    for (Child child : children) {
      child
          .firstIn(taken)
          .ifPresentOrElse(
              contact -> missed.put(child.user.id(), contact), () -> taken.addAll(child.contacts));
    }
    return missed;
  }

  private void write(Tx tx, List<Child> children) {
    takeContacts(tx, children);
    UserStore.insert(tx, children.stream().map(Child::user).toList());
    keys.insert(tx, children.stream().flatMap(child -> child.keys.stream()).toList());
    log.record(tx, children.stream().flatMap(CreateGroup::entries).toList());
  }

  private static Stream<ChangeLog.Entry> entries(Child child) {
    return child.changes.stream()
        .map(change -> new ChangeLog.Entry(child.user.root(), child.origin, change));
  }

  private static void takeContacts(Tx tx, List<Child> children) {
    List<ContactStore.Owned> wanted =
        children.stream()
            .flatMap(
                child ->
                    child.contacts.stream()
                        .map(contact -> new ContactStore.Owned(contact, child.user.id())))
            .toList();
    if (wanted.isEmpty()) {
      return;
    }
    Set<Contact> got = ContactStore.take(tx, wanted);
    for (Child child : children) {
      for (Contact contact : child.contacts) {
        if (!got.contains(contact)) {
          throw child.refusal(contact);
        }
      }
    }
  }
}
