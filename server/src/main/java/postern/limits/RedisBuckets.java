package postern.limits;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import postern.config.ConfigException;
import postern.config.LimitSettings;

/**
 * Counts in Redis, for all nodes together: all limits of a request in one script, which is one
 * round trip and nothing that two nodes could do at once. It goes by Redis' own clock.
 *
 * <p>No request waits longer than {@value #ANSWER_WITHIN_MS} ms for it. Where there is no answer,
 * limits that fail open are counted in this process, and of the others nobody can tell. A thread
 * beside the requests looks whether Redis is there; while it is not, no request asks it.
 */
final class RedisBuckets implements Buckets {
  private static final Logger LOG = System.getLogger(RedisBuckets.class.getName());
  private static final int ANSWER_WITHIN_MS = 40;
  private static final Duration LOOK_EVERY = Duration.ofMillis(250);
  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(1);
  private static final String PREFIX = "postern:limit:";
  private static final String SCRIPT = script();

  private record Shared(RedisAsyncCommands<String, String> commands, String digest) {}

  private final LocalBuckets local;
  private final RedisClient client;
  private final Semaphore doubts = new Semaphore(0);
  private final Thread lookout;
  private volatile @Nullable Shared shared;
  private volatile boolean closed;

  RedisBuckets(String url, LocalBuckets local) {
    this.local = local;
    client = RedisClient.create(uriOf(url));
    client.setOptions(
        ClientOptions.builder()
            .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
            .socketOptions(SocketOptions.builder().connectTimeout(CONNECT_WITHIN).build())
            .build());
    lookout = Thread.ofVirtual().name("redis lookout").start(this::look);
  }

  private static RedisURI uriOf(String url) {
    try {
      return RedisURI.create(url);
    } catch (IllegalArgumentException e) {
      // Its message would quote the password.
      throw new ConfigException(
          LimitSettings.REDIS_URL.key() + " must be like redis://:password@host:6379/0");
    }
  }

  private static String script() {
    try (InputStream in =
        Objects.requireNonNull(RedisBuckets.class.getResourceAsStream("/limits/take.lua"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether Redis answers, as far as is known. */
  boolean isShared() {
    return shared != null;
  }

  private void look() {
    StatefulRedisConnection<String, String> connection = null;
    while (!closed && !Thread.currentThread().isInterrupted()) {
      try {
        if (connection == null) {
          connection = client.connect();
        }
        // A Redis that was started anew does not know the script any more.
        String digest =
            connection.async().scriptLoad(SCRIPT).get(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        found(new Shared(connection.async(), digest));
      } catch (RedisException | ExecutionException | TimeoutException e) {
        lost(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      pause();
    }
  }

  /** Ends early where a request had to wait in vain. */
  private void pause() {
    try {
      var _ = doubts.tryAcquire(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void found(Shared redis) {
    doubts.drainPermits();
    if (shared == null) {
      LOG.log(Level.INFO, "limits are counted in Redis");
      shared = redis;
    }
  }

  private void lost(Exception why) {
    doubts.drainPermits();
    if (shared != null) {
      shared = null;
      LOG.log(
          Level.WARNING,
          "Redis does not answer: limits are counted by each node for itself, or refused ({0})",
          why.getClass().getSimpleName());
    }
  }

  @Override
  public List<Taken> take(List<Claim> claims) {
    List<Taken> taken = ask(claims, true);
    return taken.isEmpty() ? withoutRedis(claims) : taken;
  }

  @Override
  public boolean has(Claim claim) {
    List<Taken> taken = ask(List.of(claim), false);
    return taken.isEmpty() ? local.has(claim) : taken.getFirst().isGranted();
  }

  /** Empty where there is no answer. */
  private List<Taken> ask(List<Claim> claims, boolean isTaking) {
    Shared redis = shared;
    if (redis == null) {
      return List.of();
    }
    String[] keys = new String[claims.size()];
    List<String> arguments = new ArrayList<>(1 + 3 * keys.length);
    arguments.add(isTaking ? "1" : "0");
    for (int i = 0; i < keys.length; i++) {
      Claim claim = claims.get(i);
      // The rate is part of the key: another one begins anew.
      keys[i] = PREFIX + claim.limit().wireName() + ":" + claim.subject() + ":" + claim.rate();
      arguments.add(Long.toString(claim.rate().burst()));
      arguments.add(Long.toString(claim.rate().permits()));
      arguments.add(Long.toString(TimeUnit.NANOSECONDS.toMicros(claim.rate().period().toNanos())));
    }
    try {
      List<Object> answer =
          redis
              .commands()
              .<List<Object>>evalsha(
                  redis.digest(), ScriptOutputType.MULTI, keys, arguments.toArray(String[]::new))
              .get(ANSWER_WITHIN_MS, TimeUnit.MILLISECONDS);
      return taken(answer);
    } catch (RedisException | ExecutionException | TimeoutException e) {
      doubts.release();
      return List.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  /** Three numbers of each claim, as the script says them. */
  private static List<Taken> taken(List<Object> answer) {
    List<Taken> taken = new ArrayList<>(answer.size() / 3);
    for (int i = 0; i < answer.size(); i += 3) {
      taken.add(
          new Taken(
              (Long) answer.get(i) == 1 ? Taken.State.GRANTED : Taken.State.REFUSED,
              (Long) answer.get(i + 1),
              TimeUnit.MICROSECONDS.toNanos((Long) answer.get(i + 2))));
    }
    return taken;
  }

  private List<Taken> withoutRedis(List<Claim> claims) {
    boolean isAnyClosed =
        claims.stream().anyMatch(claim -> claim.limit().outage() == Limit.Outage.CLOSED);
    return isAnyClosed ? claims.stream().map(_ -> Taken.UNKNOWN).toList() : local.take(claims);
  }

  @Override
  public void close() {
    closed = true;
    lookout.interrupt();
    client.shutdown(Duration.ZERO, CONNECT_WITHIN);
    local.close();
  }
}
