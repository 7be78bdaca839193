package postern.core;

/**
 * What is wrong with one parameter.
 *
 * @param field its path as the caller wrote it, such as {@code user.name}
 * @param message what is expected of it; never the value that was given
 */
public record FieldError(String field, String message) {}
