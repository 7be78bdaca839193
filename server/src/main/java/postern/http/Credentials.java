package postern.http;

import java.util.Optional;

/** What a request shows of who sends it. */
public interface Credentials {
  /** The {@code Authorization} header. */
  Optional<String> authorization();

  /** A cookie. */
  Optional<String> cookie(String name);

  /** What a script on a page of this server's sends beside its cookie: {@value #FORM_TOKEN}. */
  Optional<String> formToken();

  /** The header of the form token. */
  String FORM_TOKEN = "X-CSRF-Token";
}
