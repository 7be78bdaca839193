package postern.sql;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
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

  private final Supplier<Handle> connections;
  private final Supplier<Instant> clock;
  private final Recorder recorder;
  private Optional<String> progress;
  private @Nullable Handle handle;
  private @Nullable Tx tx;
  private boolean isBroken;

  UnitOfWork(
      Supplier<Handle> connections,
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
    return handle != null;
  }

  <T> T write(Function<Tx, T> work) {
    if (isBroken) {
      throw new IllegalStateException("a write after one that failed");
    }
    try {
      return Database.applied(work, open());
    } catch (JdbiException e) {
      isBroken = true;
      throw Tx.translated(e);
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
    Handle opened = connections.get();
    handle = opened;
    opened.begin();
    Tx begun = new Tx(opened, clock.get());
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
        write(
            within -> {
              last.accept(within);
              return within;
            });
    try {
      java.util.Objects.requireNonNull(handle).commit();
    } catch (JdbiException e) {
      isBroken = true;
      throw Tx.translated(e);
    } finally {
      close();
      ending.runAfterCommit();
    }
  }

  /** Undoes what was written since the last step. */
  public void rollback() {
    Handle open = handle;
    if (open != null) {
      try {
        open.rollback();
      } catch (JdbiException e) {
        // The connection is gone, and with it the transaction.
        System.getLogger(UnitOfWork.class.getName())
            .log(System.Logger.Level.DEBUG, "a rollback was not needed", Tx.translated(e));
      } finally {
        close();
      }
    }
  }

  private void close() {
    Handle open = handle;
    handle = null;
    tx = null;
    if (open != null) {
      open.close();
    }
  }
}
