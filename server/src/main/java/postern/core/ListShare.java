package postern.core;

/**
 * A request's part in the work that lists may make at once. It is taken before the first connection
 * is, so that a list that is answered from memory takes none.
 */
public interface ListShare {
  /** The share of the request of this thread; not bound where no list is asked for. */
  ScopedValue<ListShare> CURRENT = ScopedValue.newInstance();

  /**
   * Waits for the share, once; does nothing if the request has it.
   *
   * @throws ApiException.RetryLater if the family has too much such work under way
   */
  void take();

  /** Gives it back before a wait; {@link #take} takes it again. */
  void giveBack();

  /** Takes the share of the request of this thread, if a list is asked for. */
  static void takeIfAny() {
    if (CURRENT.isBound()) {
      CURRENT.get().take();
    }
  }

  /** Gives it back before a wait, if a list is asked for. */
  static void giveBackIfAny() {
    if (CURRENT.isBound()) {
      CURRENT.get().giveBack();
    }
  }
}
