package postern.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import postern.testing.Waiting;

/**
 * A real nginx and a real HAProxy in front of a server: each as its Debian package configures it,
 * and once more with connections to the server that requests of several clients share.
 */
final class Proxies implements AutoCloseable {
  private static final Path NGINX = Path.of("/usr/sbin/nginx");
  private static final Path HAPROXY = Path.of("/usr/sbin/haproxy");

  /** One proxy, by the port on which it listens. */
  record Proxy(String name, int port) {
    @Override
    public String toString() {
      return name;
    }
  }

  private final List<Process> processes = new ArrayList<>();
  private final List<Proxy> all = new ArrayList<>();

  /**
   * Starts them.
   *
   * @param dir where their configurations and logs go
   * @param server the port of the server behind them
   */
  Proxies(Path dir, int server) throws Exception {
    startNginx(dir, server);
    startHaproxy(dir, server);
    for (Proxy proxy : all) {
      Waiting.untilNoError(
          () -> {
            new Socket(InetAddress.getLoopbackAddress(), proxy.port()).close();
            return true;
          });
    }
  }

  List<Proxy> all() {
    return all;
  }

  private void startNginx(Path dir, int server) throws IOException {
    int plain = add("nginx, HTTP/1.0 to the server");
    int kept = add("nginx, kept connections");
    Path config = dir.resolve("nginx.conf");
    Files.writeString(
        config,
        """
        daemon off;
        pid %1$s/nginx.pid;
        error_log %1$s/nginx.log;
        events { worker_connections 768; }
        http {
          access_log off;
          client_body_temp_path %1$s/nginx-body;
          proxy_temp_path %1$s/nginx-proxy;
          fastcgi_temp_path %1$s/nginx-fastcgi;
          uwsgi_temp_path %1$s/nginx-uwsgi;
          scgi_temp_path %1$s/nginx-scgi;
          sendfile on;
          tcp_nopush on;
          gzip on;
          upstream kept { server 127.0.0.1:%2$d; keepalive 1; }
          server {
            listen 127.0.0.1:%3$d;
            location / { proxy_pass http://127.0.0.1:%2$d; }
          }
          server {
            listen 127.0.0.1:%4$d;
            location / {
              proxy_pass http://kept;
              proxy_http_version 1.1;
              proxy_set_header Connection "";
              proxy_request_buffering off;
            }
          }
        }
        """
            .formatted(dir, server, plain, kept));
    start(dir, "nginx", List.of(NGINX.toString(), "-p", dir.toString(), "-c", config.toString()));
  }

  private void startHaproxy(Path dir, int server) throws IOException {
    int packaged = add("HAProxy");
    int reusing = add("HAProxy, http-reuse always");
    Path config = dir.resolve("haproxy.cfg");
    Files.writeString(
        config,
        """
        defaults
          mode http
          option dontlognull
          timeout connect 5000
          timeout client 50000
          timeout server 50000
        listen packaged
          bind 127.0.0.1:%2$d
          server postern 127.0.0.1:%1$d
        listen reusing
          bind 127.0.0.1:%3$d
          http-reuse always
          server postern 127.0.0.1:%1$d pool-max-conn 1
        """
            .formatted(server, packaged, reusing));
    start(dir, "haproxy", List.of(HAPROXY.toString(), "-db", "-f", config.toString()));
  }

  private int add(String name) throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      all.add(new Proxy(name, free.getLocalPort()));
      return free.getLocalPort();
    }
  }

  private void start(Path dir, String name, List<String> command) throws IOException {
    processes.add(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve(name + ".out").toFile())
            .start());
  }

  @Override
  public void close() {
    for (Process process : processes) {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
    }
  }
}
