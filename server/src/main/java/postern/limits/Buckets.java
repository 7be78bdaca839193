package postern.limits;

import java.util.List;
import postern.core.Rate;

/** Keeps count. Safe for many threads. */
interface Buckets extends AutoCloseable {
  /**
   * One permit of one limit.
   *
   * @param subject whose it is
   */
  record Claim(Limit limit, Object subject, Rate rate) {}

  /**
   * What became of a claim.
   *
   * @param state whether there was a permit
   * @param left how many there are after it
   * @param waitNanos until there is one more than now
   */
  record Taken(State state, long left, long waitNanos) {
    enum State {
      GRANTED,
      REFUSED,
      /** Nobody can tell. */
      UNKNOWN
    }

    static final Taken UNKNOWN = new Taken(State.UNKNOWN, 0, 0);

    boolean isGranted() {
      return state == State.GRANTED;
    }
  }

  /** Takes a permit of each, or of none where one has none; the outcomes, in their order. */
  List<Taken> take(List<Claim> claims);

  /** Whether there is a permit, without taking it. */
  boolean has(Claim claim);

  @Override
  void close();
}
