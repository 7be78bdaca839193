package postern.http;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.ListShare;
import postern.core.UserId;

/**
 * Shares out the work on lists, searches and exports. A list costs more memory and more of the
 * database than any other read, so that its number is bounded: in all, and for each family, which
 * leaves connections to others. Requests above that wait for their turn for a time. Safe for many
 * threads.
 */
public final class ListShares {
  /**
   * The limits.
   *
   * @param atOnceMax lists that are read and written at once
   * @param perFamilyMax of these, for one family
   * @param streamsPerFamilyMax lists of a family that are sent while they are read, each for as
   *     long as its reader takes
   */
  public record Settings(int atOnceMax, int perFamilyMax, int streamsPerFamilyMax) {
    /** A page's rows, their strings and its JSON take about six times its bytes. */
    private static final int PAGE_BYTES_MAX = 6 * 512 * 1_024;

    private static final int AT_ONCE_MIN = 4;
    private static final int STREAMS_PER_FAMILY_MAX = 4;

    /**
     * What fits.
     *
     * @param heapBytesMax a quarter of it is for lists
     * @param connections half of them are for the lists of one family
     */
    public static Settings of(long heapBytesMax, int connections) {
      return new Settings(
          Math.clamp(heapBytesMax / 4 / PAGE_BYTES_MAX, AT_ONCE_MIN, 1_000),
          Math.max(2, connections / 2),
          STREAMS_PER_FAMILY_MAX);
    }
  }

  private static final Duration WAIT_MAX = Duration.ofSeconds(2);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  /** Streams hold a batch of rows each, in all families. */
  private static final int STREAMS_AT_ONCE_MAX = 64;

  private static final class Family {
    final Semaphore pages;
    final Semaphore streams;

    /** Requests that use this object; guarded by the map. */
    int requests;

    Family(Settings settings) {
      pages = new Semaphore(settings.perFamilyMax(), true);
      streams = new Semaphore(settings.streamsPerFamilyMax(), true);
    }
  }

  private final Settings settings;
  private final Semaphore pages;
  private final Semaphore streams = new Semaphore(STREAMS_AT_ONCE_MAX, true);
  private final ConcurrentHashMap<UserId, Family> families = new ConcurrentHashMap<>();

  public ListShares(Settings settings) {
    this.settings = settings;
    this.pages = new Semaphore(settings.atOnceMax(), true);
  }

  /** The share of one request, which must be closed. It is taken with its first connection. */
  Share of(UserId family) {
    return new Share(family);
  }

  /** One request's. Belongs to one thread. */
  final class Share implements ListShare, AutoCloseable {
    private final UserId id;
    private @Nullable Family family;
    private boolean isStream;

    private Share(UserId id) {
      this.id = id;
    }

    @Override
    public void take() {
      if (family != null) {
        return;
      }
      Family entered =
          families.compute(
              id,
              (_, known) -> {
                Family found = known == null ? new Family(settings) : known;
                found.requests++;
                return found;
              });
      if (!acquire(entered.pages)) {
        leave();
        throw refusal();
      }
      if (!acquire(pages)) {
        entered.pages.release();
        leave();
        throw refusal();
      }
      family = entered;
    }

    /**
     * Exchanges the share for one in the streams: a slow reader keeps no page of its family or of
     * others waiting.
     *
     * @throws ApiException.RetryLater if as many streams of the family are being sent as may be
     */
    void stream() {
      take();
      Family of = Objects.requireNonNull(family);
      if (!of.streams.tryAcquire()) {
        throw refusal();
      }
      if (!streams.tryAcquire()) {
        of.streams.release();
        throw refusal();
      }
      isStream = true;
      of.pages.release();
      pages.release();
    }

    private void leave() {
      families.computeIfPresent(id, (_, known) -> --known.requests == 0 ? null : known);
    }

    @Override
    public void close() {
      giveBack();
    }

    @Override
    public void giveBack() {
      Family of = family;
      if (of == null) {
        return;
      }
      (isStream ? streams : pages).release();
      (isStream ? of.streams : of.pages).release();
      family = null;
      leave();
    }
  }

  private static boolean acquire(Semaphore turns) {
    try {
      return turns.tryAcquire(WAIT_MAX.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static ApiException refusal() {
    return new ApiException.RetryLater(ErrorCode.SERVICE_UNAVAILABLE, RETRY_AFTER);
  }
}
