package postern.main;

import java.io.IOException;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import postern.crypto.LocalCa;

/** One CA for all servers of the tests, and a client that trusts it. */
final class TestTls {
  static final LocalCa CA =
      LocalCa.open(TestServer.newDirectory(), java.time.InstantSource.system());
  static final SSLContext CONTEXT = CA.identity(List.of()).serverContext();
  static final HttpClient CLIENT = HttpClient.newBuilder().sslContext(trusting()).build();

  private static SSLContext trusting() {
    try {
      KeyStore store =
          KeyStore.getInstance(CA.trustStore().toFile(), CA.trustStorePassword().toCharArray());
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
