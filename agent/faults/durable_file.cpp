#include "agent/faults/durable_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>

#include "common/base/descriptor.h"

namespace agent::faults {

namespace base = common::base;

namespace {

base::Error failed(const char* verb, const std::string& path) {
  const auto kind = errno == ENOENT ? base::ErrorKind::not_found : base::ErrorKind::infrastructure;
  return base::fail(kind, std::string("cannot ") + verb + " " + path + ": " + std::strerror(errno));
}

base::Result<void> sync_folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const base::Descriptor fd(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || fsync(fd.get()) != 0) return failed("sync", folder);
  return {};
}

bool write_all(int fd, const std::string& content) {
  for (std::size_t done = 0; done < content.size();) {
    const ssize_t n = write(fd, content.data() + done, content.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    done += static_cast<std::size_t>(n);
  }
  return true;
}

}  // namespace

base::Result<void> write_durably(const std::string& path, const std::string& content) {
  const std::string fresh = path + ".new";
  const base::Descriptor fd(open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!fd) return failed("create", fresh);
  if (!write_all(fd.get(), content) || fsync(fd.get()) != 0) {
    const base::Error error = failed("write", fresh);
    unlink(fresh.c_str());
    return error;
  }
  if (rename(fresh.c_str(), path.c_str()) != 0) return failed("rename to", path);
  return sync_folder_of(path);
}

base::Result<void> remove_durably(const std::string& path) {
  if (unlink(path.c_str()) != 0 && errno != ENOENT) return failed("remove", path);
  return sync_folder_of(path);
}

base::Result<std::string> read_file(const std::string& path, std::size_t limit) {
  const base::Descriptor fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return failed("read", path);
  std::string content;
  char buffer[4096];
  for (;;) {
    const ssize_t n = read(fd.get(), buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failed("read", path);
    if (n == 0) return content;
    content.append(buffer, static_cast<std::size_t>(n));
    if (content.size() > limit)
      return base::fail(base::ErrorKind::limit, path + " is longer than " + std::to_string(limit) + " bytes");
  }
}

base::Result<void> make_folder(const std::string& path) {
  if (mkdir(path.c_str(), 0700) == 0) return sync_folder_of(path);
  struct stat facts {};
  if (errno == EEXIST && stat(path.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode)) return {};
  return failed("create the folder", path);
}

}  // namespace agent::faults
