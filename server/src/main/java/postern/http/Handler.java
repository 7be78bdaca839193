package postern.http;

/** What a route does: turns a call into an answer, or ends it with an exception. */
@FunctionalInterface
public interface Handler {
  Answer handle(Call call);
}
