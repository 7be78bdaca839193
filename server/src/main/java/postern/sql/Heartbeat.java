package postern.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Messages that a node sends to itself through PostgreSQL. PostgreSQL delivers notifications in the
 * order of their commits, so a node that has heard a beat has heard everything that was announced
 * before that beat was sent. Beats are numbered: a gap shows that something was lost.
 *
 * <p>{@link #send} belongs to one thread and {@link #hear} to another; {@link #isHeard} is safe for
 * all.
 */
final class Heartbeat {
  /** For how long after it was sent a beat counts: a second, less the time to serve a request. */
  private static final Duration COUNTS_FOR = Duration.ofMillis(900);

  private static final Pattern MESSAGE = Pattern.compile("(\\d{1,18}) (-?\\d{1,19}) (\\d{1,18})");

  /** A hung connection is given up after this time, before the beat before it has lapsed. */
  private static final int SEND_TIMEOUT_MS = 750;

  // Losing the last beats in a crash does no harm, so none of them waits for the disk.
  private static final String SEND =
      "select set_config('synchronous_commit', 'off', true), pg_notify(?, ?)";

  private final String channel =
      "postern_beat_" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  private long sentNumber;
  private OptionalLong heardNumber = OptionalLong.empty();
  private volatile long heardNanos = System.nanoTime() - COUNTS_FOR.toNanos();
  private volatile long heardMillis;

  /** The channel of this node alone. */
  String channel() {
    return channel;
  }

  /** Sends the next beat over a connection that is not the listening one. */
  void send(Connection connection) throws SQLException {
    connection.setNetworkTimeout(Runnable::run, SEND_TIMEOUT_MS);
    sentNumber++;
    String message = sentNumber + " " + System.nanoTime() + " " + System.currentTimeMillis();
    try (PreparedStatement statement = connection.prepareStatement(SEND)) {
      statement.setString(1, channel);
      statement.setString(2, message);
      statement.execute();
    }
  }

  /**
   * Takes a beat that came back.
   *
   * @return whether it is the first one or follows the last one that was heard
   */
  boolean hear(String message) {
    Matcher beat = MESSAGE.matcher(message);
    if (!beat.matches()) {
      return false;
    }
    long number = Long.parseLong(beat.group(1));
    boolean follows = heardNumber.isEmpty() || number == heardNumber.getAsLong() + 1;
    if (follows) {
      heardNumber = OptionalLong.of(number);
      heardMillis = Long.parseLong(beat.group(3));
      heardNanos = Long.parseLong(beat.group(2));
    }
    return follows;
  }

  /** Forgets what was heard: from here on announcements may be missed. */
  void lapse() {
    heardNumber = OptionalLong.empty();
    heardNanos = System.nanoTime() - COUNTS_FOR.toNanos();
  }

  /**
   * Whether a beat that was sent less than 900 ms ago has come back. The monotonic clock stands
   * still while a machine is suspended, and the other one may be set: both must agree.
   */
  boolean isHeard() {
    return System.nanoTime() - heardNanos < COUNTS_FOR.toNanos()
        && Math.abs(System.currentTimeMillis() - heardMillis) < COUNTS_FOR.toMillis();
  }
}
