package postern.people;

import java.util.function.Supplier;
import postern.mail.Letter;

/** What people are sent. Each says why it came, what to do, and what to do if it was not wanted. */
public final class Letters {
  private final Supplier<String> publicUrl;
  private final String product;

  /**
   * Makes them.
   *
   * @param publicUrl where people reach this server
   * @param product what this server is called
   */
  public Letters(Supplier<String> publicUrl, String product) {
    this.publicUrl = publicUrl;
    this.product = product;
  }

  public Letter signUp(Token token) {
    return letter(
        "Confirm your e-mail address",
        """
        Somebody, most likely you, wants to open an account at %s with this address.

        Open this page to confirm it and log in. It works once, within 24 hours:

        %s

        If it was not you, do nothing: there will be no account.
        """
            .formatted(product, url("/sign-up/" + token.reveal())));
  }

  public Letter alreadySignedUp() {
    return letter(
        "You have an account already",
        """
        Somebody, most likely you, wants to open an account at %s with this address, which has one.

        Log in:                     %s
        If the password is lost:    %s

        If it was not you, do nothing: nothing was changed.
        """
            .formatted(product, url("/log-in"), url("/forgot-password")));
  }

  public Letter invitation(Token token) {
    return letter(
        "You are invited",
        """
        You are invited to open an account at %s.

        Open this page to choose a name and a password. It works once, within 7 days:

        %s
        """
            .formatted(product, url("/invitation/" + token.reveal())));
  }

  public Letter verification(Token token) {
    return letter(
        "Confirm your e-mail address",
        """
        Open this page to confirm that this address of your account at %s is yours. It works once,
        within 24 hours:

        %s
        """
            .formatted(product, url("/verify/" + token.reveal())));
  }

  public Letter passwordReset(Token token) {
    return letter(
        "Choose a new password",
        """
        Somebody, most likely you, has lost the password of your account at %s.

        Open this page to choose a new one. It works once, within one hour:

        %s

        If it was not you, do nothing: the password stays as it is.
        """
            .formatted(product, url("/reset-password/" + token.reveal())));
  }

  public Letter passwordChanged() {
    return letter(
        "Your password was changed",
        """
        The password of your account at %s was changed, and all other sessions were ended.

        If it was not you, choose a new one at once: %s
        """
            .formatted(product, url("/forgot-password")));
  }

  public Letter emailChange(Token token) {
    return letter(
        "Confirm your new e-mail address",
        """
        Open this page to make this the address of your account at %s. It works once, within
        24 hours:

        %s

        If you did not ask for it, do nothing.
        """
            .formatted(product, url("/change-email/" + token.reveal())));
  }

  public Letter emailChangeAsked(String to, Token stop) {
    return letter(
        "Your e-mail address is about to change",
        """
        The address of your account at %s is to become %s. That happens when the link that we sent
        there is opened by a person who is logged in.

        If it was not you, stop it within 24 hours. This ends every session too:

        %s

        Then choose a new password: %s
        """
            .formatted(
                product, to, url("/stop-email-change/" + stop.reveal()), url("/forgot-password")));
  }

  public Letter secondFactorEnabled() {
    return securityNotice(
        "The second factor was switched on",
        "The second factor of your account at %s was switched on, and all other sessions were ended.");
  }

  public Letter secondFactorDisabled() {
    return securityNotice(
        "The second factor was switched off",
        "The second factor of your account at %s was switched off, and all other sessions were"
            + " ended.");
  }

  public Letter recoveryCodesRenewed() {
    return securityNotice(
        "You have new recovery codes",
        "The recovery codes of your account at %s were replaced. The old ones work no more.");
  }

  public Letter recoveryCodeUsed() {
    return securityNotice(
        "A recovery code was used",
        "A recovery code was used to log in to your account at %s. It works no more.");
  }

  private Letter securityNotice(String subject, String what) {
    return letter(
        subject,
        """
        %s

        If it was not you, choose a new password at once: %s
        """
            .formatted(what.formatted(product), url("/forgot-password")));
  }

  public Letter emailChanged(String to) {
    return letter(
        "Your e-mail address was changed",
        """
        The address of your account at %s is now %s. You log in with it from now on.

        If it was not you, somebody knows your password: tell whoever runs the server.
        """
            .formatted(product, to));
  }

  private String url(String path) {
    return publicUrl.get() + path;
  }

  private Letter letter(String subject, String text) {
    return new Letter(product + ": " + subject, text);
  }
}
