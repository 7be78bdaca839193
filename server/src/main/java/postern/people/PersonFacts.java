package postern.people;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import postern.core.Credential;
import postern.core.Mode;
import postern.core.Origin;
import postern.core.Principal;
import postern.core.SessionId;
import postern.core.UserId;
import postern.journal.Change;
import postern.journal.ChangeLog;
import postern.sql.Tx;

/** What the audit log is told of people. No event is made of it: it concerns no integration. */
final class PersonFacts {
  /** Of somebody who is about to have one, or came by a link. */
  private static final SessionId NO_SESSION = new SessionId(new UUID(0, 0));

  private PersonFacts() {}

  /** Something that a person did, or that an operator did for one. */
  static void record(
      Tx tx, ChangeLog log, UserId root, Person person, String kind, Map<String, String> facts) {
    Origin origin = Origin.current();
    boolean isKnown = origin.caller().isPresent() || origin.operator().isPresent();
    Origin known = isKnown ? origin : origin.by(caller(tx, root, person));
    log.record(tx, List.of(new ChangeLog.Entry(root, known, change(root, person, kind, facts))));
  }

  private static Principal caller(Tx tx, UserId root, Person person) {
    return new Principal(
        root,
        root,
        new Credential.Session(NO_SESSION, person.id(), person.name(), person.email(), tx.now()),
        Mode.PRODUCTION);
  }

  private static Change change(UserId root, Person person, String kind, Map<String, String> facts) {
    Map<String, @Nullable Object> after = new LinkedHashMap<>(facts);
    return new Change(kind, root, person.id().toString(), person.email(), Map.of(), after)
        .in(Mode.PRODUCTION);
  }
}
