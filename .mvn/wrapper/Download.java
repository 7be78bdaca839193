import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;

/** Fetches one URL into one file, for machines that have a JDK but neither curl nor wget. */
class Download {
  public static void main(String[] urlAndFile) throws Exception {
    HttpClient client =
        HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
    HttpRequest request = HttpRequest.newBuilder(URI.create(urlAndFile[0])).build();
    int status =
        client.send(request, HttpResponse.BodyHandlers.ofFile(Path.of(urlAndFile[1]))).statusCode();
    if (status != 200) {
      System.err.println(urlAndFile[0] + " answered " + status);
      System.exit(1);
    }
  }
}
