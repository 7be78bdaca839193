package postern.webhooks.web;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import postern.core.ApiException;
import postern.core.Checks;
import postern.core.ErrorCode;
import postern.core.PayloadId;
import postern.core.WebhookId;
import postern.events.EventQuery;
import postern.events.web.EventsApi;
import postern.http.Access;
import postern.http.Answer;
import postern.http.Call;
import postern.http.Params;
import postern.http.Route;
import postern.http.RouteClass;
import postern.sql.Page;
import postern.webhooks.Deliveries;
import postern.webhooks.Payload;
import postern.webhooks.Webhook;
import postern.webhooks.WriteWebhook;

/** The routes of webhooks, and of what was delivered to them. */
public final class WebhooksApi {
  private final WriteWebhook webhooks;
  private final Deliveries deliveries;

  public WebhooksApi(WriteWebhook webhooks, Deliveries deliveries) {
    this.webhooks = webhooks;
    this.deliveries = deliveries;
  }

  public List<Route> routes() {
    Access access = Access.ANY_KEY;
    String one = "/v2/webhooks/{id}";
    return List.of(
        new Route("GET", "/v2/webhooks", access, this::list).as(RouteClass.INDEX),
        new Route("POST", "/v2/webhooks", access, this::create),
        new Route("GET", one, access, this::get),
        new Route("PUT", one, access, this::update),
        new Route("PATCH", one, access, this::update),
        new Route("DELETE", one, access, this::delete),
        new Route("POST", "/v2/webhooks/{id}/replay", access, this::replay),
        new Route("POST", "/v2/events/{id}/deliver", access, this::deliver),
        new Route("GET", "/v2/events/{id}/payloads", access, this::payloads).as(RouteClass.INDEX),
        new Route("GET", "/v2/events/{id}/payloads/{payload_id}", access, this::payload));
  }

  private Answer list(Call call) {
    List<Webhook> all = webhooks.list(call.caller());
    return Answer.json(
        200,
        out -> {
          out.startObject().startArray("webhooks");
          all.forEach(webhook -> WebhookJson.write(out, webhook));
          out.endArray().endObject();
        });
  }

  private Answer create(Call call) {
    Webhook webhook = webhooks.create(call.caller(), WebhookParams.create(call.params()));
    return Answer.json(201, out -> WebhookJson.write(out, webhook));
  }

  private Answer get(Call call) {
    Webhook webhook = webhooks.get(call.caller(), idIn(call));
    return Answer.json(200, out -> WebhookJson.write(out, webhook));
  }

  /** Recorded: 201, as if something had been made. */
  private Answer update(Call call) {
    Webhook webhook =
        webhooks.update(call.caller(), idIn(call), WebhookParams.update(call.params()));
    return Answer.json(201, out -> WebhookJson.write(out, webhook));
  }

  /** Recorded: an empty object. */
  private Answer delete(Call call) {
    webhooks.delete(call.caller(), idIn(call));
    return Answer.json(200, out -> out.startObject().endObject());
  }

  private Answer replay(Call call) {
    Checks checks = new Checks();
    Optional<Instant> since = checks.moment("since", call.params().get("since"));
    checks.throwIfAny();
    if (since.isEmpty()) {
      throw new ApiException.Invalid(ErrorCode.PARAMETER_REQUIRED, "since", "cannot be blank");
    }
    return queued(deliveries.replay(call.caller(), idIn(call), since.get()));
  }

  private Answer deliver(Call call) {
    return queued(deliveries.again(call.caller(), EventsApi.idIn(call)));
  }

  private static Answer queued(int count) {
    return Answer.json(202, out -> out.startObject().number("deliveries", count).endObject());
  }

  private Answer payloads(Call call) {
    Page<Payload> page =
        deliveries.payloads(call.caller(), EventsApi.idIn(call), afterIn(call.params()));
    Answer answer =
        Answer.json(
            200,
            out -> {
              out.startObject().startArray("payloads");
              page.rows().forEach(payload -> WebhookJson.write(out, payload));
              out.endArray();
              // Not in a whole list: it is as recorded.
              if (page.hasMore()) {
                out.flag("has_more", true);
              }
              out.endObject();
            });
    return page.hasMore()
        ? answer.header(
            "Link",
            "<" + call.path() + "?after_id=" + page.rows().getLast().id() + ">; rel=\"next\"")
        : answer;
  }

  private static UUID afterIn(Params given) {
    Object value = given.get("after_id");
    if (value == null) {
      return EventQuery.FIRST;
    }
    return PayloadId.parse(value.toString())
        .map(PayloadId::uuid)
        .orElseThrow(
            () ->
                new ApiException.Invalid(
                    ErrorCode.PARAMETER_INVALID_TYPE, "after_id", "expected the ID of a payload"));
  }

  private Answer payload(Call call) {
    PayloadId id =
        PayloadId.parse(call.variable(1))
            .orElseThrow(() -> new ApiException.Refused(ErrorCode.PAYLOAD_NOT_FOUND));
    Payload payload = deliveries.payload(call.caller(), EventsApi.idIn(call), id);
    return Answer.json(200, out -> WebhookJson.write(out, payload));
  }

  private static WebhookId idIn(Call call) {
    return WebhookId.parse(call.id())
        .orElseThrow(() -> new ApiException.Refused(ErrorCode.NOT_FOUND));
  }
}
