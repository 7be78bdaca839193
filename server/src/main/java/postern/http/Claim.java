package postern.http;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.Principal;

/**
 * What one connection takes of a {@link MemoryBudget}. It grows with what is read for a request,
 * and falls back when the next one begins. Grown by the thread that serves the connection; ended by
 * any, and only once.
 */
final class Claim {
  /** The claim of the connection whose request is being handled. */
  static final ScopedValue<Claim> CURRENT = ScopedValue.newInstance();

  /** What a request may take before it is counted: most requests never take more. */
  static final int FREE_BYTES = 8 * 1_024;

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final MemoryBudget budget;
  private final MemoryBudget.Holder holder;
  private final long baseBytes;
  // The first two, or the only one, last as long as the connection; others for one request.
  private final List<MemoryBudget.Share> shares = new CopyOnWriteArrayList<>();
  private int lasting;
  private long requestBytes;
  private @Nullable Principal caller;
  private volatile long heldBytes;
  private boolean isEnded;

  /**
   * Makes one that is not yet counted.
   *
   * @param baseBytes what the connection costs while little is read from it
   */
  Claim(MemoryBudget budget, MemoryBudget.Holder holder, long baseBytes) {
    this.budget = budget;
    this.holder = holder;
    this.baseBytes = baseBytes;
    this.heldBytes = baseBytes;
  }

  /**
   * Counts the connection.
   *
   * @param address what its client's address is counted by; empty for a proxy, which speaks for
   *     many
   * @return whether there is room for it
   */
  boolean open(String address) {
    boolean hasRoom = budget.open(this, address);
    lasting = shares.size();
    return hasRoom;
  }

  /** Enters a share with what is held. */
  void join(MemoryBudget.Share share, long bytes) {
    shares.add(share);
    share.add(bytes);
  }

  /**
   * Counts more bytes for the request that is being read or handled.
   *
   * @throws ApiException.RetryLater if there is no room for them and this request is the one to go
   */
  void grow(long bytes) {
    requestBytes += bytes;
    if (requestBytes > FREE_BYTES && !mayHold(baseBytes + requestBytes - FREE_BYTES)) {
      throw new ApiException.RetryLater(ErrorCode.SERVICE_UNAVAILABLE, RETRY_AFTER);
    }
  }

  private boolean mayHold(long bytes) {
    synchronized (this) {
      if (isEnded) {
        return false;
      }
      long more = bytes - heldBytes;
      heldBytes = bytes;
      shares.forEach(share -> share.add(more));
      joinThoseOfCaller();
    }
    // Outside of the lock: this looks at other claims, which may look at this one.
    return budget.hasRoomFor(this);
  }

  private void joinThoseOfCaller() {
    Principal known = caller;
    if (known != null && shares.size() == lasting) {
      join(budget.joinFamily(known.root().toString()), heldBytes - baseBytes);
      join(budget.joinKey(known.credential().toString()), heldBytes - baseBytes);
    }
  }

  /** Counts from now on for the request's caller too, who has become known. */
  void countFor(Principal known) {
    caller = known;
  }

  /** Lets go of the request: another one may follow. */
  void reset() {
    if (requestBytes > FREE_BYTES) {
      letGo();
    }
    requestBytes = 0;
    caller = null;
  }

  private synchronized void letGo() {
    if (!isEnded) {
      long held = heldBytes - baseBytes;
      heldBytes = baseBytes;
      while (shares.size() > lasting) {
        budget.leave(shares.removeLast(), held);
      }
      shares.forEach(share -> share.add(-held));
    }
  }

  /** Takes the connection out of the budget. */
  synchronized void end() {
    if (!isEnded) {
      isEnded = true;
      letGoOfAll();
    }
  }

  private void letGoOfAll() {
    for (int i = 0; i < shares.size(); i++) {
      budget.leave(shares.get(i), i < lasting || lasting == 0 ? heldBytes : heldBytes - baseBytes);
    }
    budget.forget(this);
  }

  /** Ends it and closes its connection: what it held is free in a moment. */
  void cut() {
    end();
    holder.cut();
  }

  MemoryBudget.Holder holder() {
    return holder;
  }

  long heldBytes() {
    return heldBytes;
  }

  List<MemoryBudget.Share> shares() {
    return shares;
  }
}
