package postern.billing.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import postern.json.Json;

/**
 * Speaks as much of Stripe's HTTP API as {@link StripeGateway} uses, after Stripe's reference: form
 * parameters in, JSON out, idempotency keys, and test payment methods that become new ones when
 * they are attached. It keeps what it was told while it runs.
 */
final class FakeStripe implements AutoCloseable {
  /** A refusal in Stripe's form. */
  private static final class Refusal extends Exception {
    private final int status;
    private final String type;
    private final String code;

    Refusal(int status, String type, String code) {
      super(code);
      this.status = status;
      this.type = type;
      this.code = code;
    }
  }

  private static final Map<String, String> LAST4 =
      Map.of(
          "pm_card_visa", "4242",
          "tok_visa", "4242",
          "pm_card_chargeCustomerFail", "0341",
          "pm_card_insufficientFunds", "9995",
          "pm_card_authenticationRequired", "3184");

  private final HttpServer server;
  private final Map<String, Map<String, Object>> objects = new HashMap<>();
  private final Map<String, String> answers = new HashMap<>();
  private final List<String> requests = new ArrayList<>();
  private int last;
  private boolean losesNextConfirmation;

  FakeStripe() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v1/", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  synchronized void loseNextConfirmation() {
    losesNextConfirmation = true;
  }

  /** Methods and paths of what was asked, with the key that came along. */
  synchronized List<String> requests() {
    return List.copyOf(requests);
  }

  synchronized long centsMoved(String customer) {
    long moved = 0;
    for (Map<String, Object> object : objects.values()) {
      if (is(object, "object", "payment_intent")
          && is(object, "status", "succeeded")
          && is(object, "customer", customer)) {
        moved += amountOf(object);
      } else if (is(object, "object", "refund")) {
        Map<String, Object> of = objects.get(String.valueOf(object.get("payment_intent")));
        moved -= of != null && is(of, "customer", customer) ? amountOf(object) : 0;
      }
    }
    return moved;
  }

  private static boolean is(Map<String, Object> object, String name, String value) {
    return value.equals(object.get(name));
  }

  private static long amountOf(Map<String, Object> object) {
    return Long.parseLong(String.valueOf(object.get("amount")));
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      String query = exchange.getRequestURI().getRawQuery();
      Map<String, String> form = form(body + (query == null ? "" : "&" + query));
      String path = exchange.getRequestURI().getPath().substring("/v1/".length());
      String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
      String authorization = exchange.getRequestHeaders().getFirst("Authorization");
      int status = 200;
      String answer;
      boolean isLost;
      synchronized (this) {
        requests.add(exchange.getRequestMethod() + " " + path + " " + authorization);
        String known = key == null ? null : answers.get(path + key);
        try {
          answer = known != null ? known : Json.text(act(exchange.getRequestMethod(), path, form));
          if (key != null) {
            answers.put(path + key, answer);
          }
        } catch (Refusal e) {
          status = e.status;
          Map<String, Object> error = new LinkedHashMap<>();
          error.put("type", e.type);
          error.put("code", e.code);
          error.put("message", "no: " + form);
          answer = Json.text(Map.of("error", error));
        }
        isLost = losesNextConfirmation && path.endsWith("/confirm");
        losesNextConfirmation &= !isLost;
      }
      if (isLost) {
        // It begins to arrive and breaks off: nothing that a client would quietly ask for again.
        exchange.sendResponseHeaders(200, answer.length());
        exchange.getResponseBody().write('{');
        exchange.getResponseBody().flush();
      } else {
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
      }
    }
  }

  private static Map<String, String> form(String text) {
    Map<String, String> form = new TreeMap<>();
    for (String pair : text.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        form.put(
            URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return form;
  }

  private Map<String, Object> act(String method, String path, Map<String, String> form)
      throws Refusal {
    String[] steps = path.split("/", -1);
    String verb = steps.length > 2 ? steps[2] : "";
    if (path.equals("refunds") && method.equals("GET")) {
      return refundsOf(form.get("payment_intent"));
    }
    if (method.equals("GET")) {
      return find(steps[steps.length - 1]);
    }
    return switch (steps[0] + "/" + verb) {
      case "customers/" -> make("cus", "customer", Map.of());
      case "setup_intents/" -> setUp(form);
      case "payment_methods/" -> ofParams(form);
      case "payment_methods/attach" -> attach(steps[1], form.get("customer"));
      case "payment_methods/detach" -> detach(steps[1]);
      case "payment_intents/" -> intend(form);
      case "payment_intents/confirm" -> confirm(find(steps[1]));
      case "payment_intents/cancel" -> put(find(steps[1]), "status", "canceled");
      case "refunds/" -> refund(form);
      case "checkout/" -> openPage(form);
      case "financial_connections/" ->
          make(
              "fcsess",
              "financial_connections.session",
              Map.of("client_secret", "fcsess_client_secret_1"));
      default -> throw new Refusal(404, "invalid_request_error", "resource_missing");
    };
  }

  private Map<String, Object> make(String prefix, String object, Map<String, Object> members) {
    Map<String, Object> made = new LinkedHashMap<>();
    made.put("id", prefix + "_" + ++last);
    made.put("object", object);
    made.putAll(members);
    objects.put(String.valueOf(made.get("id")), made);
    return made;
  }

  private Map<String, Object> find(String id) throws Refusal {
    Map<String, Object> found = objects.get(id);
    if (found == null) {
      throw new Refusal(404, "invalid_request_error", "resource_missing");
    }
    return found;
  }

  private static Map<String, Object> put(
      Map<String, Object> object, String name, @Nullable Object value) {
    if (value == null) {
      object.remove(name);
    } else {
      object.put(name, value);
    }
    return object;
  }

  private Map<String, Object> card(String name) {
    return make(
        "pm",
        "payment_method",
        Map.of(
            "type",
            "card",
            "behaviour",
            name,
            "card",
            Map.of(
                "brand",
                "visa",
                "last4",
                LAST4.getOrDefault(name, "0000"),
                "exp_month",
                8L,
                "exp_year",
                2031L)));
  }

  private Map<String, Object> ofParams(Map<String, String> form) {
    if (form.containsKey("card[token]")) {
      return card(form.get("card[token]"));
    }
    return make(
        "pm",
        "payment_method",
        Map.of(
            "type", "us_bank_account",
            "behaviour", "bank",
            "us_bank_account", Map.of("bank_name", "STRIPE TEST BANK", "last4", "6789")));
  }

  private Map<String, Object> attach(String id, @Nullable String customer) throws Refusal {
    Map<String, Object> method = LAST4.containsKey(id) ? card(id) : find(id);
    return put(method, "customer", customer);
  }

  private Map<String, Object> detach(String id) throws Refusal {
    Map<String, Object> method = find(id);
    if (!method.containsKey("customer")) {
      throw new Refusal(400, "invalid_request_error", "payment_method_not_attached");
    }
    return put(method, "customer", null);
  }

  /** A page on which somebody is to give a card; nobody has come yet. */
  private Map<String, Object> openPage(Map<String, String> form) {
    Map<String, Object> page =
        make("cs", "checkout.session", Map.of("customer", form.get("customer")));
    put(page, "return_url", form.get("success_url"));
    return put(page, "url", "https://checkout.example.com/" + page.get("id"));
  }

  /** Somebody gives a card on a page: where the page leads then. */
  synchronized String visit(String page) {
    Map<String, Object> opened =
        java.util.Objects.requireNonNull(objects.get(page.substring(page.lastIndexOf('/') + 1)));
    Map<String, Object> method = put(card("pm_card_visa"), "customer", opened.get("customer"));
    Map<String, Object> intent =
        make("seti", "setup_intent", Map.of("payment_method", String.valueOf(method.get("id"))));
    put(opened, "setup_intent", intent.get("id"));
    return String.valueOf(opened.get("return_url"))
        .replace("{CHECKOUT_SESSION_ID}", String.valueOf(opened.get("id")));
  }

  private Map<String, Object> setUp(Map<String, String> form) throws Refusal {
    if (form.containsKey("payment_method")) {
      if (!form.containsKey("mandate_data[customer_acceptance][online][ip_address]")) {
        throw new Refusal(400, "invalid_request_error", "mandate_missing");
      }
      attach(form.get("payment_method"), form.get("customer"));
    }
    Map<String, Object> intent = make("seti", "setup_intent", Map.of("status", "succeeded"));
    return put(intent, "client_secret", intent.get("id") + "_secret_1");
  }

  private Map<String, Object> intend(Map<String, String> form) throws Refusal {
    Map<String, Object> method = find(String.valueOf(form.get("payment_method")));
    if (!String.valueOf(form.get("customer")).equals(method.get("customer"))) {
      throw new Refusal(400, "invalid_request_error", "payment_method_not_attached");
    }
    return make(
        "pi",
        "payment_intent",
        Map.of(
            "status", "requires_confirmation",
            "amount", Long.valueOf(String.valueOf(form.get("amount"))),
            "customer", String.valueOf(form.get("customer")),
            "payment_method", String.valueOf(form.get("payment_method")),
            "metadata",
                Map.of("postern_payment", String.valueOf(form.get("metadata[postern_payment]")))));
  }

  private Map<String, Object> confirm(Map<String, Object> intent) throws Refusal {
    String behaviour =
        String.valueOf(find(String.valueOf(intent.get("payment_method"))).get("behaviour"));
    switch (behaviour) {
      case "pm_card_chargeCustomerFail" -> decline(intent, "generic_decline");
      case "pm_card_insufficientFunds" -> decline(intent, "insufficient_funds");
      case "pm_card_authenticationRequired" -> put(intent, "status", "requires_action");
      // The bank says yes before it is asked the next time.
      case "bank" -> {
        put(intent, "status", "succeeded");
        Map<String, Object> now = new LinkedHashMap<>(intent);
        return put(now, "status", "processing");
      }
      default -> put(intent, "status", "succeeded");
    }
    return intent;
  }

  private static void decline(Map<String, Object> intent, String reason) throws Refusal {
    put(intent, "status", "requires_payment_method");
    put(
        intent,
        "last_payment_error",
        Map.of("type", "card_error", "code", "card_declined", "decline_code", reason));
    throw new Refusal(402, "card_error", "card_declined");
  }

  private Map<String, Object> refund(Map<String, String> form) throws Refusal {
    Map<String, Object> of = find(String.valueOf(form.get("payment_intent")));
    long amount = Long.parseLong(String.valueOf(form.get("amount")));
    if (amount > amountOf(of)) {
      throw new Refusal(400, "invalid_request_error", "charge_already_refunded");
    }
    return make(
        "re",
        "refund",
        Map.of(
            "status",
            "succeeded",
            "amount",
            amount,
            "payment_intent",
            String.valueOf(of.get("id")),
            "metadata",
            Map.of("postern_payment", String.valueOf(form.get("metadata[postern_payment]")))));
  }

  private Map<String, Object> refundsOf(@Nullable String intent) {
    List<Map<String, Object>> found =
        objects.values().stream()
            .filter(o -> is(o, "object", "refund"))
            .filter(o -> is(o, "payment_intent", String.valueOf(intent)))
            .toList();
    return Map.of("object", "list", "data", found, "has_more", false);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
