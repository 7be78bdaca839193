package postern.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import postern.main.TestServer;

/** Which cipher suites the TLS port takes. */
class TlsSuitesTest {
  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String handshake(String protocol, String part) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Trusting()}, null);
    try (SSLSocket socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), server.httpsPort())) {
      socket.setEnabledProtocols(new String[] {protocol});
      socket.setEnabledCipherSuites(
          Stream.of(socket.getSupportedCipherSuites())
              .filter(suite -> suite.contains(part))
              .toArray(String[]::new));
      socket.startHandshake();
      return socket.getSession().getCipherSuite();
    }
  }

  @Test
  void areThoseThatAuthenticateWhatTheyEncrypt() throws Exception {
    assertThat(handshake("TLSv1.2", "_GCM_")).contains("ECDHE");
    assertThat(handshake("TLSv1.3", "_GCM_")).startsWith("TLS_AES_");
    assertThatThrownBy(() -> handshake("TLSv1.2", "_CBC_")).isInstanceOf(SSLException.class);
    assertThatThrownBy(() -> handshake("TLSv1.2", "TLS_RSA_")).isInstanceOf(SSLException.class);
  }

  /** Which suite is agreed on is looked at, and not by whom. */
  private static final class Trusting implements X509TrustManager {
    @Override
    public void checkClientTrusted(java.security.cert.X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(java.security.cert.X509Certificate[] chain, String type) {}

    @Override
    public java.security.cert.X509Certificate[] getAcceptedIssuers() {
      return new java.security.cert.X509Certificate[0];
    }
  }
}
