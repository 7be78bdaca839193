package postern.main;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import postern.json.Json;

/**
 * {@code DIR/dev.json}: what a program needs to use the running server. It is there exactly while
 * the server answers.
 */
final class DevFile {
  private final Path file;

  DevFile(Path dataDir) {
    this.file = dataDir.resolve("dev.json");
  }

  void write(RunningServer running, DevAccount account) {
    PrivateFiles.write(
        file,
        Json.bytes(
            out -> {
              out.startObject().number("pid", ProcessHandle.current().pid());
              out.text("http", running.http());
              out.text("https", running.https());
              running
                  .localCa()
                  .ifPresent(
                      ca ->
                          out.text("ca_pem", ca.caPem())
                              .text("trust_store", ca.trustStore())
                              .text("trust_store_password", ca.trustStorePassword()));
              out.text("user_id", account.user()).text("email", account.email());
              out.text("password", account.password()).text("test_key", account.testKey());
              out.text("production_key", account.productionKey()).endObject();
            }));
  }

  void remove() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
