package postern.http;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The header that leads from one part of a list to the next, so that nobody has to build URLs. */
public final class NextLink {
  private NextLink() {}

  /**
   * Adds it to an answer.
   *
   * @param size how many records a part has
   * @param isAscending whether the list goes on after the last record, or before it
   * @param last the id of the last record
   * @param filters the parameters that narrow the list, and so go along
   */
  public static Answer add(
      Answer answer, Call call, int size, boolean isAscending, Object last, List<String> filters) {
    StringBuilder next = new StringBuilder(call.path()).append("?page_size=").append(size);
    next.append(isAscending ? "&after_id=" : "&before_id=").append(last);
    for (String name : filters) {
      Object value = call.params().get(name);
      if (value != null) {
        next.append('&').append(name).append('=');
        next.append(URLEncoder.encode(value.toString(), StandardCharsets.UTF_8));
      }
    }
    return answer.header("Link", "<" + next + ">; rel=\"next\"");
  }
}
