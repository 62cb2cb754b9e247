#include "coordinator/write_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <unistd.h>

namespace coordinator {

using common::base::ErrorKind;
using common::base::fail;
using common::base::Result;

namespace {

constexpr std::streamsize kMaxBytes = 64 << 20;

common::base::Error error(const std::string& doing, const std::string& path) {
  return fail(ErrorKind::infrastructure, "cannot " + doing + " " + path + ": " + std::strerror(errno));
}

bool write_all(int file, const std::string& text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t count = ::write(file, text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    done += static_cast<std::size_t>(count);
  }
  return ::fsync(file) == 0;
}

}  // namespace

Result<void> write_file(const std::string& path, const std::string& text, bool secret) {
  const std::string beside = path + ".new";
  const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, secret ? 0600 : 0644);
  if (file < 0) return error("create", beside);
  const bool written = write_all(file, text);
  if (!written) {
    const auto why = error("write", path);
    ::close(file);
    ::unlink(beside.c_str());
    return why;
  }
  ::close(file);
  if (::rename(beside.c_str(), path.c_str()) != 0) return error("replace", path);
  return {};
}

Result<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(ErrorKind::not_found, "cannot read " + path + ": " + std::strerror(errno));
  std::string text;
  file.seekg(0, std::ios::end);
  const std::streamsize size = file.tellg();
  if (size < 0 || size > kMaxBytes) return fail(ErrorKind::limit, path + " is no file of at most 64 MiB");
  text.resize(static_cast<std::size_t>(size));
  file.seekg(0);
  file.read(text.data(), size);
  if (file.gcount() != size) return fail(ErrorKind::infrastructure, "cannot read all of " + path);
  return text;
}

}  // namespace coordinator
