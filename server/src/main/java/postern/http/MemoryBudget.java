package postern.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the memory of all connections together: what each one costs while it is open, and what was
 * read from it and is not yet handled. A connection that needs more when the budget is used up does
 * not fail by itself: those that hold the most for the longest time, and wait for their clients,
 * are closed first. The same holds within the share of one address, one family or one key. Safe for
 * many threads.
 */
final class MemoryBudget {
  /** Some more room is made at once, so that not each connection looks through all others. */
  private static final int MAKE_ROOM_PERCENT = 5;

  /** A client that has not sent its request counts for more than one that waits for the next. */
  private static final long UNFINISHED_WEIGHT = 8;

  /**
   * The limits.
   *
   * @param bytesMax what all connections may take
   * @param shareBytesMax what the connections of one address may take, and what the requests of one
   *     family may; those of one key may take half of it
   * @param connectionsMax how many connections are held at once
   * @param addressConnectionsMax how many of them one address may hold
   */
  record Limits(long bytesMax, long shareBytesMax, int connectionsMax, int addressConnectionsMax) {}

  /** A connection, as far as a budget is concerned with it. */
  interface Holder {
    /** For how long its client has owed it something, in nanoseconds; 0 if it owes nothing. */
    long owedNanos(long nowNanos);

    /** Whether it has answered a request and waits for another. */
    boolean isIdle();

    /** Closes the connection at once, whatever its own thread does. */
    void cut();
  }

  /** Counts the bytes and the claims of one subject. */
  static final class Share {
    private final String subject;
    private final long bytesMax;
    private final long claimsMax;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong claims = new AtomicLong();

    private Share(String subject, long bytesMax, long claimsMax) {
      this.subject = subject;
      this.bytesMax = bytesMax;
      this.claimsMax = claimsMax;
    }

    /** Adds to what the subject holds; less if {@code more} is negative. */
    void add(long more) {
      bytes.addAndGet(more);
    }

    private boolean isOver() {
      return bytes.get() > bytesMax || claims.get() > claimsMax;
    }

    private boolean isRoomy() {
      return bytes.get() <= roomy(bytesMax) && claims.get() <= roomy(claimsMax);
    }

    private static long roomy(long max) {
      return max - max * MAKE_ROOM_PERCENT / 100;
    }
  }

  private static final String ALL = "";

  private final Limits limits;
  private final Map<String, Share> shares = new ConcurrentHashMap<>();
  private final Set<Claim> claims = ConcurrentHashMap.newKeySet();

  MemoryBudget(Limits limits) {
    this.limits = limits;
  }

  /** What all connections take, in bytes. */
  long usedBytes() {
    return claims.stream().mapToLong(Claim::heldBytes).sum();
  }

  /**
   * Counts a connection that was accepted. Others are cut off for it where that is necessary.
   *
   * @param address what its client's address is counted by; empty for a proxy, which speaks for
   *     many
   * @return whether there is room for it, or was made by cutting off others
   */
  boolean open(Claim claim, String address) {
    claims.add(claim);
    claim.join(join(ALL, limits.bytesMax(), limits.connectionsMax()), claim.heldBytes());
    if (!address.isEmpty()) {
      claim.join(
          join("address " + address, limits.shareBytesMax(), limits.addressConnectionsMax()),
          claim.heldBytes());
    }
    return hasRoomFor(claim);
  }

  /** The share of a family: of all that its requests hold at once. */
  Share joinFamily(String id) {
    return join("family " + id, limits.shareBytesMax(), limits.connectionsMax());
  }

  /** The share of a key. */
  Share joinKey(String id) {
    return join("key " + id, limits.shareBytesMax() / 2, limits.connectionsMax());
  }

  private Share join(String subject, long bytesMax, long claimsMax) {
    return shares.compute(
        subject,
        (_, known) -> {
          Share share = known == null ? new Share(subject, bytesMax, claimsMax) : known;
          share.claims.incrementAndGet();
          return share;
        });
  }

  /** Takes a claim out of a share, which is forgotten with its last one. */
  void leave(Share share, long bytes) {
    shares.compute(
        share.subject,
        (_, _) -> {
          share.add(-bytes);
          return share.claims.decrementAndGet() == 0 ? null : share;
        });
  }

  /** Forgets a claim that has left its shares. */
  void forget(Claim claim) {
    claims.remove(claim);
  }

  /** Whether there is room for what a claim holds, or was made by cutting off worse ones. */
  boolean hasRoomFor(Claim claimant) {
    for (Share share : claimant.shares()) {
      if (share.isOver() && !makeRoom(share, claimant)) {
        return false;
      }
    }
    return true;
  }

  private synchronized boolean makeRoom(Share share, Claim claimant) {
    if (!share.isOver()) {
      return true;
    }
    for (Claim each : worstFirst(share)) {
      if (share.isRoomy()) {
        return true;
      }
      if (each.equals(claimant)) {
        return !share.isOver();
      }
      each.cut();
    }
    return !share.isOver();
  }

  private List<Claim> worstFirst(Share share) {
    long now = System.nanoTime();
    List<Scored> scored = new ArrayList<>();
    for (Claim claim : claims) {
      long score = claim.shares().contains(share) ? score(claim, now) : 0;
      if (score > 0) {
        scored.add(new Scored(claim, score));
      }
    }
    scored.sort(Comparator.comparingLong(Scored::score).reversed());
    return scored.stream().map(Scored::claim).toList();
  }

  /** How much its end would free, times how long its client has let it wait. */
  private static long score(Claim claim, long now) {
    long owedMicros = claim.holder().owedNanos(now) / 1_000;
    long weight = claim.holder().isIdle() ? 1 : UNFINISHED_WEIGHT;
    return owedMicros * (claim.heldBytes() / 1_024 + 1) * weight;
  }

  private record Scored(Claim claim, long score) {}
}
