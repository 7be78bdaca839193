package postern.accounts;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import postern.accounts.ContactStore.Contact;
import postern.accounts.ContactStore.Kind;
import postern.core.ApiException;
import postern.core.Ids;
import postern.core.Origin;
import postern.core.UserId;
import postern.journal.ChangeLog;
import postern.keys.ApiKey;
import postern.keys.KeyFacts;
import postern.keys.Keys;
import postern.sql.Tx;

/**
 * Children of one family or several, decided one after the other and written together: as many
 * statements for all as for one.
 */
final class CreateGroup {
  /** A child that is to be, and where the request for it comes from. */
  record Order(UserId root, Origin origin, CreateUsers.Command command) {}

  /** What became of an order. */
  sealed interface Result {
    record Done(CreateUsers.Created created) implements Result {}

    /** Nothing was written for it. */
    record Refused(ApiException.Invalid reason) implements Result {}
  }

  /** An order, the child that it would make, and what only one user of the server may have. */
  private record Child(Order order, User user, List<Contact> contacts) {
    Optional<Contact> firstIn(Set<Contact> some) {
      return contacts.stream().filter(some::contains).findFirst();
    }

    ApiException.Invalid refusal(Contact taken) {
      return taken.kind().taken(order.command().prefix() + taken.kind().field());
    }
  }

  private static final int NAME_ID_LENGTH = 6;

  private final Keys keys;
  private final Ids ids;
  private final ChangeLog log;
  private final String defaultPhoneNumber;

  CreateGroup(Keys keys, Ids ids, ChangeLog log, String defaultPhoneNumber) {
    this.keys = keys;
    this.ids = ids;
    this.log = log;
    this.defaultPhoneNumber = defaultPhoneNumber;
  }

  /**
   * Creates what can be created; what became of each order, in their order.
   *
   * @throws ApiException.Invalid if another transaction was quicker to take an address or a number:
   *     none of them is created then
   */
  List<Result> run(Tx tx, List<Order> orders) {
    List<Child> children = orders.stream().map(order -> childOf(tx, order)).toList();
    Map<UserId, Contact> missed = missed(tx, children);
    List<Child> accepted =
        children.stream().filter(child -> !missed.containsKey(child.user.id())).toList();
    Map<UserId, List<ApiKey>> issued = accepted.isEmpty() ? Map.of() : write(tx, accepted);
    return children.stream().map(child -> result(child, missed, issued)).toList();
  }

  private static Result result(
      Child child, Map<UserId, Contact> missed, Map<UserId, List<ApiKey>> issued) {
    UserId id = child.user.id();
    Contact taken = missed.get(id);
    return taken == null
        ? new Result.Done(new CreateUsers.Created(child.user, issued.getOrDefault(id, List.of())))
        : new Result.Refused(child.refusal(taken));
  }

  /** Who wants what somebody has: another user, or a child before it that gets all it wants. */
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

  private Map<UserId, List<ApiKey>> write(Tx tx, List<Child> children) {
    takeContacts(tx, children);
    List<User> users = children.stream().map(Child::user).toList();
    UserStore.insert(tx, users);
    Map<UserId, List<ApiKey>> issued =
        keys.issuePairs(
            tx, users.stream().map(user -> new Keys.Owner(user.id(), user.root())).toList());
    List<ChangeLog.Entry> changes = new ArrayList<>(children.size() * 3);
    for (Child child : children) {
      Order order = child.order;
      changes.add(new ChangeLog.Entry(order.root(), order.origin(), UserFacts.created(child.user)));
      for (ApiKey key : issued.getOrDefault(child.user.id(), List.of())) {
        changes.add(new ChangeLog.Entry(order.root(), order.origin(), KeyFacts.created(key)));
      }
    }
    log.record(tx, changes);
    return issued;
  }

  private static void takeContacts(Tx tx, List<Child> children) {
    List<ContactStore.Owned> wanted =
        children.stream()
            .flatMap(
                child ->
                    child.contacts.stream()
                        .map(
                            contact ->
                                new ContactStore.Owned(
                                    contact, child.user.root(), child.user.id())))
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

  private Child childOf(Tx tx, Order order) {
    CreateUsers.Command command = order.command();
    List<Contact> contacts = new ArrayList<>(2);
    command.email().ifPresent(value -> contacts.add(Contact.of(Kind.EMAIL, value)));
    command.phoneNumber().ifPresent(value -> contacts.add(Contact.of(Kind.PHONE_NUMBER, value)));
    return new Child(order, userOf(tx, order.root(), command), contacts);
  }

  private User userOf(Tx tx, UserId root, CreateUsers.Command command) {
    UserId id = ids.user(tx.now());
    String hex = id.hex();
    String name =
        command.name().orElse("Child Account " + hex.substring(hex.length() - NAME_ID_LENGTH));
    return new User(
        id,
        root,
        root,
        ids.brand(tx.now()),
        name,
        command.email().orElse(null),
        command.phoneNumber().orElse(defaultPhoneNumber),
        Recharge.NONE,
        null,
        tx.now(),
        null);
  }
}
