package postern.billing.gateway;

import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import postern.main.TestServer;

class SandboxGatewayTest extends GatewayContract {
  private static final AtomicReference<@Nullable Gateway> GATEWAY = new AtomicReference<>();
  private static @Nullable TestServer server;

  @BeforeAll
  static void start() {
    server =
        TestServer.start(
            Map.of(),
            gateway -> {
              GATEWAY.set(gateway);
              return gateway;
            });
  }

  @AfterAll
  static void stop() {
    running().close();
  }

  private static TestServer running() {
    return java.util.Objects.requireNonNull(server);
  }

  @Override
  Gateway gateway() {
    return java.util.Objects.requireNonNull(GATEWAY.get());
  }

  @Override
  long centsMoved(String customer) {
    return Long.parseLong(
        running()
            .rows(
                "select coalesce(sum(case kind when 'payment' then amount_cents else -amount_cents"
                    + " end), 0) from sandbox_intents where status = 'succeeded' and customer = ?",
                customer)
            .getFirst());
  }

  @Override
  Gateway.Method.Card cardThatLosesItsAnswer(String customer) {
    return gateway().attachCard(customer, "pm_card_answerLost");
  }
}
