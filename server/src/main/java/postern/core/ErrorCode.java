package postern.core;

/**
 * Every way in which a request can be refused: the status, the code and the sentence that the
 * caller gets. Codes and sentences marked "recorded" are EasyPost's to the letter; the others are
 * ours, in the same style. {@code docs/errors.md} says of each what to do about it.
 */
public enum ErrorCode {
  /** Recorded. The body cannot be read as what its content type says it is. */
  BAD_REQUEST(400, "BAD_REQUEST", "Malformed request. Please check the contents and retry."),
  /** Recorded. */
  PAYMENT_METHOD_REFERENCE_REQUIRED(
      400, "BAD_REQUEST", "One of payment_method_reference or payment_method_id must be provided"),
  /** The request came without credentials. */
  UNAUTHORIZED(401, "UNAUTHORIZED", "Authentication is required and has failed."),
  /** Recorded. The key is unknown, malformed, disabled or deleted: which of these is not told. */
  APIKEY_INACTIVE(
      403,
      "APIKEY.INACTIVE",
      "This api key is no longer active. Please use a different api key or reactivate this key."),
  /** Recorded. */
  MODE_UNAUTHORIZED(
      403, "MODE.UNAUTHORIZED", "This resource requires a production API Key to access."),
  /** The other way round: what is made by it would be taken for real. */
  TEST_MODE_ONLY(403, "MODE.UNAUTHORIZED", "This resource requires a test API Key to access."),
  /** Recorded. The route is for partners, and the caller is none. */
  PARTNER_REQUIRED(
      401,
      "UNAUTHORIZED",
      "Your account is not enabled to access the Partner White Label API."
          + " Contact EasyPost to request access."),
  /** The wallet holds too little, after a recharge if there could be one. */
  INSUFFICIENT_FUNDS(402, "INSUFFICIENT_FUNDS", "The balance does not cover this charge."),
  /** A parent lets its child spend less than that. */
  SPEND_LIMIT_EXCEEDED(
      402, "SPEND_LIMIT.EXCEEDED", "The spend limit of this user does not cover this charge."),
  /** The gateway said no. */
  PAYMENT_FAILED(402, "PAYMENT.FAILED", "The payment was not successful."),
  /** A child asked for what only its parent may do. */
  USER_UNAUTHORIZED(
      403, "USER.UNAUTHORIZED", "This action requires an API Key of the parent user."),
  /** A form came without its token, or with that of another session. */
  FORM_EXPIRED(
      403, "FORM.EXPIRED", "This form has expired. Please go back, reload the page and try again."),
  /** Recorded. Also for what exists but belongs to somebody else. */
  NOT_FOUND(404, "NOT_FOUND", "The requested resource could not be found."),
  /** Recorded. */
  PAYLOAD_NOT_FOUND(404, "PAYLOAD.NOT_FOUND", "The payload(s) could not be found."),
  /** Recorded, the name of the company too. */
  CREDIT_CARD_NOT_FOUND(
      404,
      "CREDIT_CARD.NOT_FOUND",
      "Stripe::PaymentMethod does not exist for the specified reference_id"),
  BANK_ACCOUNT_NOT_FOUND(
      404,
      "BANK_ACCOUNT.NOT_FOUND",
      "The bank account does not exist for the specified financial_connections_id"),
  /** The reference is that of another charge. */
  REFERENCE_TAKEN(409, "REFERENCE.TAKEN", "The reference is already in use."),
  /** A request with the same {@code Idempotency-Key} is still being carried out. */
  IDEMPOTENCY_KEY_IN_USE(
      409,
      "IDEMPOTENCY_KEY.IN_USE",
      "A request with this idempotency key is still being processed. Please retry."),
  /** The {@code Idempotency-Key} was sent with another request before. */
  IDEMPOTENCY_KEY_REUSED(
      422,
      "IDEMPOTENCY_KEY.REUSED",
      "This idempotency key was used with another request. Please use a new one."),
  /** Events after the cursor were purged. */
  CURSOR_EXPIRED(
      410,
      "CURSOR.EXPIRED",
      "Events after this cursor are no longer kept. Start again without a cursor."),
  REQUEST_TIMEOUT(408, "REQUEST_TIMEOUT", "The request did not arrive in time."),
  PAYLOAD_TOO_LARGE(413, "PAYLOAD_TOO_LARGE", "The request body is too large."),
  HEADERS_TOO_LARGE(413, "HEADERS_TOO_LARGE", "The request headers are too large."),
  URI_TOO_LONG(414, "URI_TOO_LONG", "The request line is too long."),
  UNSUPPORTED_MEDIA_TYPE(
      415,
      "UNSUPPORTED_MEDIA_TYPE",
      "The request body must be JSON or form data. Please check its Content-Type."),
  /** Recorded. */
  USER_INVALID(
      422,
      "USER.INVALID",
      "Child users must be created via the API and must not contain an email or password."),
  /** Recorded. */
  WEBHOOK_INVALID(422, "WEBHOOK.INVALID_PARAMS", "The parameters you provided are invalid."),
  /** Recorded. */
  PARAMETER_REQUIRED(422, "PARAMETER.REQUIRED", "Missing required parameter."),
  PARAMETER_INVALID(422, "PARAMETER.INVALID", "Invalid parameter."),
  /** Recorded. */
  PARAMETER_INVALID_TYPE(422, "PARAMETER.INVALID_TYPE", "Wrong parameter type."),
  /** Another user of the family has the e-mail address, or another person logs in with it. */
  EMAIL_TAKEN(422, "USER.INVALID", "The email address is already in use."),
  /** The phone number is another user's. */
  PHONE_NUMBER_TAKEN(422, "USER.INVALID", "The phone number is already in use."),
  CURRENT_PASSWORD_WRONG(
      422, "USER.INVALID", "Changing the email or password requires the current password."),
  LOGIN_FAILED(422, "LOGIN.FAILED", "The email address or the password is wrong."),
  CODE_WRONG(422, "LOGIN.CODE_WRONG", "The code is wrong or was used before."),
  PARENT_NOT_DELETABLE(422, "USER.INVALID", "A parent user cannot be deleted."),
  /** Recorded. */
  BANK_ACCOUNT_INVALID(
      422,
      "BANK_ACCOUNT.INVALID_PARAMS",
      "account_holder_name must be present when creating a Financial Connections payment method"),
  /** Recorded. */
  PAYMENT_GATEWAY_REFERENCE_INVALID(
      422, "BILLING.INVALID_PAYMENT_GATEWAY_REFERENCE", "Invalid connect integration."),
  /** Recorded. */
  REFUND_AMOUNT_INVALID(
      422,
      "TRANSACTION.AMOUNT_INVALID",
      "Refund amount is invalid. Please use a valid amount or escalate to finance."),
  /** Recorded. */
  REFUND_AMOUNT_DIFFERS(
      422,
      "TRANSACTION.AMOUNT_DOES_NOT_MATCH",
      "Refund amount doesn't match. Please escalate this to finance, this is unexpected."),
  /** Recorded. */
  TRANSACTION_UNKNOWN(
      422, "TRANSACTION.DOES_NOT_EXIST", "We could not find a transaction with that id."),
  /** Recorded. */
  PARTNER_INTEGRATION_NOT_SET(
      422,
      "Payments.Partners.PARTNER_INTEGRATION_NOT_SET",
      "Partner integration is not set. Please contact support@easypost.com for assistance."),
  /** A family or a user has as many of something as it may have. */
  LIMIT_REACHED(422, "LIMIT.REACHED", "The limit for this kind of object is reached."),
  /** The sentence is recorded (as quoted from the server), the code is ours. */
  RATE_LIMITED(
      429,
      "RATE_LIMITED",
      "Your account has been temporarily rate-limited due to excessive resource consumption."
          + " Please contact Support if you believe this is in error."),
  /** Recorded. */
  INTERNAL_SERVER_ERROR(
      500,
      "INTERNAL_SERVER_ERROR",
      "We're sorry, something went wrong. If the problem persists please contact Support."),
  /** The database cannot be reached, or everything that could serve the request is busy. */
  SERVICE_UNAVAILABLE(
      503, "SERVICE_UNAVAILABLE", "The service is temporarily unavailable. Please retry.");

  private final int status;
  private final String code;
  private final String message;

  ErrorCode(int status, String code, String message) {
    this.status = status;
    this.code = code;
    this.message = message;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** The code on the wire. */
  public String code() {
    return code;
  }

  /** The sentence on the wire. */
  public String message() {
    return message;
  }
}
