package postern.main;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.main.TestServer.Account;

/** Moments that no calendar of a client means get a clear refusal on every list, and no 500. */
class MomentsTest extends RouteTest {
  private static final List<String> LISTS = List.of("/v2/events", "/v2/audit_log", "/v2/ledger");
  private static final List<String> FIELDS = List.of("start_datetime", "end_datetime");

  private final Account parent = server().account();

  private int status(String list, String field, String moment) {
    return as(parent)
        .get(list + "?" + field + "=" + URLEncoder.encode(moment, StandardCharsets.UTF_8))
        .status();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "+999999999-01-01T00:00:00Z",
        "-999999999-01-01T00:00:00Z",
        "-4713-01-01T00:00:00Z",
        "0000-01-01",
        "0000-12-31T23:59:59Z",
        "+10000-01-01T00:00:00Z",
        "9999-12-31T23:59:59-18:00",
        "0001-01-01T00:00:00+18:00",
        "2026-02-30",
        "2026-11-23T25:00:00Z",
        "2026-11-23T23:59:61Z",
        "2026-11-23T07:00:00+19:00",
        "now",
        "infinity",
        "-infinity"
      })
  void areRefused(String moment) {
    for (String list : LISTS) {
      for (String field : FIELDS) {
        assertThat(status(list, field, moment)).as(list + " " + field).isEqualTo(422);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0001-01-01",
        "1969-12-31",
        "1970-01-01T00:00:00Z",
        "9999-12-31",
        "9999-12-31T23:59:59.999Z"
      })
  void areTakenToTheLastYearOfFourDigits(String moment) {
    for (String list : LISTS) {
      for (String field : FIELDS) {
        assertThat(status(list, field, moment)).as(list + " " + field).isEqualTo(200);
      }
    }
  }
}
