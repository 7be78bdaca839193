package postern.mail;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import postern.core.Credential;
import postern.core.IpAddresses;
import postern.core.Origin;
import postern.crypto.Digests;
import postern.sql.Tx;

/**
 * The SQL of {@code mail_counts}: how many mails callers have caused in an hour, for each recipient
 * and for each sender. One statement counts all of them, so that requests at the same time do not
 * pass together.
 */
final class MailCounts {
  static final Duration WINDOW = Duration.ofHours(1);
  private static final long ASKED_PER_RECIPIENT_MAX = 5;
  // Apart from the mails that strangers can ask for: these must not use up the room of a warning.
  private static final long NOTICES_PER_RECIPIENT_MAX = 20;
  private static final long PER_PERSON_MAX = 10;
  private static final long PER_FAMILY_MAX = 20;
  private static final long PER_NETWORK_MAX = 100;

  private MailCounts() {}

  /** Counts a mail that the caller asks for; returns false, and counts nothing, over a limit. */
  static boolean takeAsked(Tx tx, String recipient) {
    Map<String, Long> limits = new TreeMap<>();
    limits.put("recipient " + recipient, ASKED_PER_RECIPIENT_MAX);
    Origin origin = Origin.current();
    origin
        .caller()
        .ifPresent(
            caller -> {
              limits.put("family " + caller.root(), PER_FAMILY_MAX);
              limits.put(
                  caller.credential() instanceof Credential.Session session
                      ? "person " + session.person()
                      : "user " + caller.user(),
                  PER_PERSON_MAX);
            });
    if (!origin.address().isEmpty()) {
      limits.put("network " + IpAddresses.network(origin.address()), PER_NETWORK_MAX);
    }
    return take(tx, limits);
  }

  /** The same for a mail that tells a person of a change. */
  static boolean takeNotice(Tx tx, String recipient) {
    return take(tx, Map.of("notice " + recipient, NOTICES_PER_RECIPIENT_MAX));
  }

  private static boolean take(Tx tx, Map<String, Long> limits) {
    List<byte[]> counted =
        tx.list(
            """
            insert into mail_counts as known (digest, mails, mails_max, since)
            select asked.digest, 1, asked.mails_max, ?
            from unnest(?::bytea[], ?::bigint[]) as asked (digest, mails_max)
            order by asked.digest
            on conflict (digest) do update
            set mails = case when known.since > ? then known.mails + 1 else 1 end,
                mails_max = excluded.mails_max,
                since = case when known.since > ? then known.since else excluded.since end
            where known.since <= ? or known.mails < excluded.mails_max
            returning digest
            """,
            row -> row.bytes("digest"),
            tx.now(),
            limits.keySet().stream().map(MailCounts::digest).toArray(byte[][]::new),
            limits.values().toArray(Long[]::new),
            tx.now().minus(WINDOW),
            tx.now().minus(WINDOW),
            tx.now().minus(WINDOW));
    if (counted.size() == limits.size()) {
      return true;
    }
    // A mail that is not sent uses nothing up: a sender at its limit must not fill a recipient's.
    tx.execute(
        "update mail_counts set mails = mails - 1 where digest = any(?::bytea[])",
        (Object) counted.toArray(byte[][]::new));
    return false;
  }

  private static byte[] digest(String what) {
    return Digests.sha256(what.getBytes(StandardCharsets.UTF_8));
  }

  /** Forgets those whose hour is over; across people, because a job asks. */
  static int purge(Tx tx) {
    return tx.execute("delete from mail_counts where since <= ?", tx.now().minus(WINDOW));
  }
}
