package postern.core;

import java.util.Optional;

/**
 * Where the work of the current thread comes from: what a journal writes beside a change. The
 * server binds one per request, a command binds one for itself; jobs work without.
 *
 * @param caller who is calling; empty where nobody is known
 * @param operator who runs the command, as the machine knows them; empty for requests
 * @param address the network address that the request came from; empty for commands
 * @param client what the client calls itself, cut to {@value #CLIENT_LENGTH_MAX} characters
 * @param requestId the id in {@code X-Ep-Request-Uuid}; empty for commands
 */
public record Origin(
    Optional<Principal> caller,
    Optional<String> operator,
    String address,
    String client,
    String requestId) {
  /** The origin of the work of the current thread. */
  public static final ScopedValue<Origin> CURRENT = ScopedValue.newInstance();

  /** What a server does by itself. */
  public static final Origin SYSTEM = new Origin(Optional.empty(), Optional.empty(), "", "", "");

  private static final int CLIENT_LENGTH_MAX = 200;

  /** Cuts what is too long. */
  public Origin {
    client = client.length() > CLIENT_LENGTH_MAX ? client.substring(0, CLIENT_LENGTH_MAX) : client;
  }

  /** An operator's command, by the name of the account on the machine that runs it. */
  public static Origin command(String name) {
    return new Origin(Optional.empty(), Optional.of(name), "", "", "");
  }

  /** The same for somebody who has become known on the way. */
  public Origin by(Principal known) {
    return new Origin(Optional.of(known), operator, address, client, requestId);
  }

  /** The origin that is bound, or the server itself. */
  public static Origin current() {
    return CURRENT.orElse(SYSTEM);
  }

  /** The mode of what is done: that of the key, production without one. */
  public Mode mode() {
    return caller.map(Principal::mode).orElse(Mode.PRODUCTION);
  }
}
