package postern.people;

import postern.core.PersonId;

/**
 * Somebody who logs in.
 *
 * @param email in the spelling that was given
 * @param isVerified whether mail to the address was seen to arrive
 * @param hasPassword whether there is a password to log in with
 * @param hasSecondFactor whether a code is asked for beside it
 */
public record Person(
    PersonId id,
    String email,
    String name,
    boolean isVerified,
    boolean hasPassword,
    boolean hasSecondFactor) {}
