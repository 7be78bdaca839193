package postern.people;

/** What shows that an e-mail address is a person's own. */
public enum AddressProof {
  /** Nothing: a tenant wrote it. It reserves nothing, and the person cannot log in with it yet. */
  NOTHING,
  /** An operator of this server gave it to the owner of a new account. */
  OPERATOR,
  /** Mail to it was seen to arrive. */
  MAIL
}
