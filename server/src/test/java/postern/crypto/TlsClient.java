package postern.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** A client that trusts one authority's {@code trust.p12} and nothing else. */
record TlsClient(SSLContext context) {

  static TlsClient trusting(LocalCa ca) throws IOException, GeneralSecurityException {
    return trusting(new TrustStore(ca.trustStore(), ca.trustStorePasswordFile()));
  }

  static TlsClient trusting(TrustStore trusted) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream bytes = Files.newInputStream(trusted.file())) {
      store.load(bytes, trusted.password().toCharArray());
    }
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return new TlsClient(context);
  }

  /** Shakes hands at {@code port}, expecting a server called {@code name}; returns the protocol. */
  String handshake(int port, String name, String... protocols) throws IOException {
    try (Socket plain = new Socket(InetAddress.ofLiteral("127.0.0.1"), port);
        SSLSocket socket =
            (SSLSocket) context.getSocketFactory().createSocket(plain, name, port, true)) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      if (protocols.length > 0) {
        parameters.setProtocols(protocols);
      }
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
      var reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
      if (!"HTTP/1.1 204 No Content".equals(reader.readLine())) {
        throw new IOException("no answer over TLS");
      }
      return socket.getSession().getProtocol();
    }
  }
}
