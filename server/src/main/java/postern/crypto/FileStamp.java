package postern.crypto;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * Tells one version of a file from the next without reading it. A replaced file is another inode,
 * so that two versions of the same instant and size still differ where the system has inodes.
 */
record FileStamp(FileTime modified, long bytes, @Nullable Object inode) {

  static FileStamp of(Path file) {
    try {
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return new FileStamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
    } catch (IOException e) {
      throw new CryptoSetupException(file + " cannot be read", e);
    }
  }
}
