// Asks a service whether it lives: one ApiVersions round trip (Kafka api key 18, version 0, which every broker answers,
// unauthenticated too). A TCP connect alone proves nothing: a frozen broker still accepts. Blocks at most `patience`.
#pragma once

#include <chrono>
#include <string>

namespace agent::faults {

struct Probe {
  enum class Outcome { answered, refused, silent, broken };  // silent: connected or not, no answer in time
  Outcome outcome = Outcome::broken;
  std::string what;  // in words: "answers ApiVersions at 127.0.0.1:9092"
};

Probe probe(const std::string& address, std::chrono::milliseconds patience);  // "host:port", "[::1]:9092"

// host:port cut in two; port "" if the form is wrong.
struct HostPort {
  std::string host;
  std::string port;
};
HostPort split_address(const std::string& address);

}  // namespace agent::faults
