package postern.sql;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All writes of one request in one transaction, together with what is to be remembered of the
 * request. The transaction begins with the first write and ends with {@link #commit}; until then no
 * other connection sees anything of it. Work that must be seen before, because somebody else goes
 * on with it, is a {@link Database#step}. Belongs to one thread.
 */
public final class UnitOfWork {
  /** Keeps what was done, in the transaction that does it. */
  @FunctionalInterface
  public interface Recorder {
    void record(Tx tx, String progress);
  }

  static final ScopedValue<UnitOfWork> CURRENT = ScopedValue.newInstance();

  private final Supplier<Lease> connections;
  private final Supplier<Instant> clock;
  private final Recorder recorder;
  private Optional<String> progress;
  private @Nullable Lease lease;
  private @Nullable Tx tx;
  private boolean isBroken;

  UnitOfWork(
      Supplier<Lease> connections,
      Supplier<Instant> clock,
      Optional<String> progress,
      Recorder recorder) {
    this.connections = connections;
    this.clock = clock;
    this.progress = progress;
    this.recorder = recorder;
  }

  /** Runs work whose writes belong to this unit. Nothing is committed at its end. */
  public <T> T run(Supplier<T> work) {
    return ScopedValue.where(CURRENT, this).call(work::get);
  }

  /** What has been done for good, here or by an earlier attempt. */
  public Optional<String> progress() {
    return progress;
  }

  boolean isOpen() {
    return lease != null;
  }

  <T> T write(Function<Tx, T> work) {
    return unlessBroken(within -> Database.applied(work, within));
  }

  private <T> T unlessBroken(Function<Tx, T> work) {
    if (isBroken) {
      throw new IllegalStateException("a write after one that failed");
    }
    try {
      return work.apply(open());
    } catch (RuntimeException | Error e) {
      isBroken = true;
      throw e;
    }
  }

  private Tx open() {
    Tx known = tx;
    if (known != null) {
      return known;
    }
    Lease opened = connections.get();
    lease = opened;
    Tx begun = Tx.begin(opened, clock.get());
    tx = begun;
    return begun;
  }

  <T> T step(Function<Tx, T> work, Function<T, String> name) {
    T result =
        write(
            within -> {
              T done = work.apply(within);
              recorder.record(within, name.apply(done));
              return done;
            });
    commitSoFar();
    progress = Optional.of(name.apply(result));
    return result;
  }

  void commitSoFar() {
    if (isOpen()) {
      commit(within -> {});
    }
  }

  /**
   * Ends the unit: everything that was written since the last step stands, and this with it.
   *
   * @param last writes what is to be remembered; what it throws undoes the unit
   */
  public void commit(Consumer<Tx> last) {
    Tx ending =
        unlessBroken(
            within -> {
              last.accept(within);
              return within;
            });
    try {
      ending.commit();
    } catch (RuntimeException | Error e) {
      isBroken = true;
      rollback();
      throw e;
    } finally {
      close();
      ending.runAfterCommit();
    }
  }

  /** Undoes what was written since the last step. */
  public void rollback() {
    Lease open = lease;
    if (open != null) {
      try {
        open.rollback();
      } catch (RuntimeException e) {
        // The connection is gone, and with it the transaction.
        System.getLogger(UnitOfWork.class.getName())
            .log(System.Logger.Level.DEBUG, "a rollback was not needed", e);
      } finally {
        close();
      }
    }
  }

  private void close() {
    Lease open = lease;
    lease = null;
    tx = null;
    if (open != null) {
      open.close();
    }
  }
}
