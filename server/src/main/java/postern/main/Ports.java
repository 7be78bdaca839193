package postern.main;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import postern.config.Config;
import postern.config.ConfigException;
import postern.config.HttpSettings;
import postern.config.RefusedException;
import postern.config.Setting;
import postern.http.HttpServer;

/** The three ports of a server: which they are, and whether this process may have them. */
final class Ports {
  private static final int UNPRIVILEGED_MIN = 1_024;

  private record Port(Setting<String> bind, Setting<Integer> number) {}

  private static final List<Port> ALL =
      List.of(
          new Port(HttpSettings.HTTP_BIND, HttpSettings.HTTP_PORT),
          new Port(HttpSettings.HTTP_BIND, HttpSettings.HTTPS_PORT),
          new Port(HttpSettings.ADMIN_BIND, HttpSettings.ADMIN_PORT));

  private Ports() {}

  /**
   * Opens all of them for a moment, before anything costly is started.
   *
   * @throws RefusedException naming the first that cannot be had, and the setting to change
   */
  static void requireFree(Config config) {
    List<ServerSocket> opened = new ArrayList<>();
    try {
      for (Port port : ALL) {
        opened.add(open(config, port));
      }
    } finally {
      opened.forEach(Ports::close);
    }
  }

  /**
   * Makes sure that a server that was started listens on all of them: another program may have
   * taken one meanwhile.
   */
  static void requireListening(HttpServer server, Config config) {
    List<Integer> numbers = List.of(server.httpPort(), server.httpsPort(), server.adminPort());
    for (int i = 0; i < ALL.size(); i++) {
      if (numbers.get(i) < 0) {
        Port port = ALL.get(i);
        throw inUse(config.get(port.bind()), config.get(port.number()), port.number());
      }
    }
  }

  /** The address that a setting names. */
  static InetAddress address(Config config, Setting<String> bind) {
    try {
      return InetAddress.getByName(config.get(bind));
    } catch (UnknownHostException e) {
      throw new ConfigException(
          bind.key() + " is " + config.get(bind) + ", which is not an address of this machine");
    }
  }

  private static ServerSocket open(Config config, Port port) {
    InetAddress address = address(config, port.bind());
    int number = config.get(port.number());
    ServerSocket socket = null;
    try {
      socket = new ServerSocket();
      // As the server does: a port whose last connections are still fading away is free.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(address, number));
      return socket;
    } catch (IOException e) {
      if (socket != null) {
        close(socket);
      }
      throw refused(config, port, address, e);
    }
  }

  private static RefusedException refused(
      Config config, Port port, InetAddress address, IOException reason) {
    String bind = config.get(port.bind());
    int number = config.get(port.number());
    if (number == 0 || !canBindAnyPort(address)) {
      return notOfThisMachine(bind, port, reason);
    }
    if (number < UNPRIVILEGED_MIN && isPermission(reason)) {
      return new RefusedException(
          "this user may not open port "
              + number
              + ": choose one from "
              + UNPRIVILEGED_MIN
              + " on with "
              + port.number().key()
              + ", or give the program the capability CAP_NET_BIND_SERVICE",
          reason);
    }
    return inUse(bind, number, port.number());
  }

  private static RefusedException notOfThisMachine(String bind, Port port, IOException reason) {
    return new RefusedException(
        bind
            + " cannot be listened on, because it is not an address of this machine: correct "
            + port.bind().key(),
        reason);
  }

  private static RefusedException inUse(String bind, int number, Setting<Integer> setting) {
    return new RefusedException(
        "port "
            + number
            + " of "
            + bind
            + " is in use: stop the program that listens there, or choose another port with "
            + setting.key()
            + " (--"
            + setting.key().replace('.', '-')
            + ")");
  }

  private static boolean isPermission(IOException reason) {
    return String.valueOf(reason.getMessage()).contains("ermission");
  }

  private static boolean canBindAnyPort(InetAddress address) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(address, 0));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void close(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
