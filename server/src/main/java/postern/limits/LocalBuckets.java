package postern.limits;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import postern.core.Rate;

/** Counts in this process. */
final class LocalBuckets implements Buckets {
  /** Beyond it, those that were not used for longest are forgotten: they are full, most of them. */
  private static final int KEPT_MAX = 200_000;

  private static final Duration KEPT_UNUSED_MAX = Duration.ofHours(2);

  private final LoadingCache<Claim, Bucket> buckets;

  LocalBuckets(InstantSource clock) {
    TimeMeter time = new ClockMeter(clock);
    buckets =
        Caffeine.newBuilder()
            .maximumSize(KEPT_MAX)
            .expireAfterAccess(KEPT_UNUSED_MAX)
            .build(
                claim ->
                    Bucket.builder()
                        .addLimit(
                            Bandwidth.builder()
                                .capacity(claim.rate().burst())
                                .refillGreedy(claim.rate().permits(), claim.rate().period())
                                .build())
                        .withCustomTimePrecision(time)
                        .build());
  }

  /** The clock that everything else goes by, to the millisecond: it is read for every limit. */
  private record ClockMeter(InstantSource clock) implements TimeMeter {
    @Override
    public long currentTimeNanos() {
      return TimeUnit.MILLISECONDS.toNanos(clock.millis());
    }

    @Override
    public boolean isWallClockBased() {
      return true;
    }
  }

  @Override
  public List<Taken> take(List<Claim> claims) {
    List<Taken> taken = new ArrayList<>(claims.size());
    boolean isAnyRefused = false;
    for (Claim claim : claims) {
      Taken one = taken(buckets.get(claim).tryConsumeAndReturnRemaining(1), claim.rate());
      isAnyRefused |= !one.isGranted();
      taken.add(one);
    }
    if (isAnyRefused) {
      giveBack(claims, taken);
    }
    return taken;
  }

  private void giveBack(List<Claim> claims, List<Taken> taken) {
    for (int i = 0; i < taken.size(); i++) {
      if (taken.get(i).isGranted()) {
        buckets.get(claims.get(i)).addTokens(1);
      }
    }
  }

  private static Taken taken(ConsumptionProbe probe, Rate rate) {
    return probe.isConsumed()
        ? new Taken(
            Taken.State.GRANTED,
            probe.getRemainingTokens(),
            rate.period().toNanos() / rate.permits())
        : new Taken(Taken.State.REFUSED, 0, probe.getNanosToWaitForRefill());
  }

  @Override
  public boolean has(Claim claim) {
    return buckets.get(claim).getAvailableTokens() > 0;
  }

  @Override
  public void close() {
    buckets.invalidateAll();
  }
}
