package postern.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.util.Optional;

/** The credentials of one request; read when they are asked for. */
record RequestCredentials(ServerRequest request) implements Credentials {
  private static final HeaderName FORM_TOKEN_NAME = HeaderNames.create(FORM_TOKEN);

  @Override
  public Optional<String> authorization() {
    return request.headers().first(HeaderNames.AUTHORIZATION);
  }

  @Override
  public Optional<String> cookie(String name) {
    return request.headers().cookies().first(name).asOptional();
  }

  @Override
  public Optional<String> formToken() {
    return request.headers().first(FORM_TOKEN_NAME);
  }
}
