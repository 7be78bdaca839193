package postern.events.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import postern.main.RouteTest;
import postern.main.TestClient;
import postern.main.TestClient.Reply;

/** Numbers of events, which receivers may parse and write again before they check a signature. */
class NumbersTest extends RouteTest {
  private final TestClient client = server().as(server().account().testKey());

  private Reply inject(String result) {
    return client.post(
        "/v2/events",
        "{\"event\":{\"description\":\"tracker.updated\",\"result\":" + result + "}}");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\0',
      delimiter = '|',
      value = {
        "{\"weight\":136.00} | {\"weight\":136.0}",
        "{\"weight\":136} | {\"weight\":136.0}",
        "{\"weight\":1.36e2} | {\"weight\":136.0}",
        "{\"weight\":136.50} | {\"weight\":136.5}",
        "{\"weight\":0} | {\"weight\":0.0}",
        "{\"weight\":0.00} | {\"weight\":0.0}",
        "{\"weight\":-5.00} | {\"weight\":-5}",
        "{\"weight\":[1.00]} | {\"weight\":[1]}",
        "{\"weight\":{\"value\":1.00}} | {\"weight\":{\"value\":1}}",
        "{\"a\":[{\"weight\":2.0}]} | {\"a\":[{\"weight\":2.0}]}",
        "{\"rate\":136.00} | {\"rate\":136}",
        "{\"rate\":1.50} | {\"rate\":1.5}",
        "{\"rate\":-0.0} | {\"rate\":0}",
        "{\"rate\":0.000} | {\"rate\":0}",
        "{\"rate\":1e3} | {\"rate\":1000}",
        "{\"rate\":1E+15} | {\"rate\":1000000000000000}",
        "{\"rate\":9007199254740991} | {\"rate\":9007199254740991}",
        "{\"rate\":-9007199254740991.0} | {\"rate\":-9007199254740991}",
        "{\"rate\":0.0001} | {\"rate\":0.0001}",
        "{\"rate\":0.10000000000000001} | {\"rate\":0.1}",
        "{\"rate\":0.30000000000000004} | {\"rate\":0.30000000000000004}",
        "{\"rate\":37.774929499999999999} | {\"rate\":37.7749295}",
        "{\"rate\":1.00000000000000000001} | {\"rate\":1}",
      })
  void areWrittenAsReceiversWriteThem(String given, String written) {
    assertThat(inject(given).body()).contains("\"result\":" + written + "}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":9007199254740993}",
        "{\"id\":-9007199254740992}",
        "{\"id\":12345678901234567890}",
        "{\"weight\":12345678901234567890}",
        "{\"a\":[[1e21]]}",
        "{\"a\":1e400}",
        "{\"a\":9999999999999999.5}",
        "{\"a\":0.00001}",
        "{\"a\":1e-400}"
      })
  void areRefusedWhereReceiversDiffer(String given) {
    Reply refused = inject(given);
    assertRefused(refused, 422, "PARAMETER.INVALID");
    assertThat(refused.body()).contains("event.result").contains("send it as a string");
  }
}
