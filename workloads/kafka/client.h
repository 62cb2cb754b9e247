// One librdkafka handle: what producer, consumer and admin clients have in common. Logs go to our own log at debug;
// errors to the listener. Owned by one workload. Destruction blocks until librdkafka's threads have ended.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "workloads/kafka/conf.h"

struct rd_kafka_s;

namespace workloads::kafka {

// What librdkafka tells aside of messages.
class ClientListener {
 public:
  virtual ~ClientListener() = default;
  // An error of the client or of a broker; informational unless fatal. On the thread that polls.
  virtual void problem(int code, std::string_view text, bool fatal) = 0;
  // librdkafka's statistics as JSON, every `statistics.interval.ms`. On the thread that polls.
  virtual void statistics(std::string_view json) { (void)json; }
  // A log line at warning or above, on a thread of librdkafka.
  virtual void warning(std::string_view facility, std::string_view text) {
    (void)facility;
    (void)text;
  }
};

// For who only asks: the client itself keeps its newest problem (last_problem).
struct NoListener final : ClientListener {
  void problem(int, std::string_view, bool) override {}
};

enum class Role { producer, consumer };

class Client {
 public:
  // `opaque` of every callback that `conf` holds is this Client; `owner` is what those callbacks want (see opaque_of).
  static common::base::Result<std::unique_ptr<Client>> create(Role role, Conf conf, ClientListener& listener,
                                                              void* owner);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  rd_kafka_s* native() const { return handle_; }
  static void* owner_of(void* opaque) { return static_cast<Client*>(opaque)->owner_; }
  const std::string& bootstrap() const { return bootstrap_; }
  std::int64_t warnings() const { return warnings_.load(); }
  void serve();                      // takes the problems that wait to be told; for clients that nobody polls
  std::string last_problem() const;  // text of the newest error, "" if there was none

  // Waits until some broker told about `topic` and gives its number of partitions; 0: there is no such topic.
  // Error (infrastructure) names the address when nobody answers until the deadline, or until a stop is asked for.
  common::base::Result<std::int32_t> partitions_of(const std::string& topic, common::base::Nanos deadline,
                                                   const std::stop_token& stop);

 private:
  Client(ClientListener& listener, void* owner) : listener_(listener), owner_(owner) {}
  static void on_error(rd_kafka_s* handle, int code, const char* text, void* opaque);
  static int on_statistics(rd_kafka_s* handle, char* json, std::size_t size, void* opaque);
  static void on_log(const rd_kafka_s* handle, int level, const char* facility, const char* text);

  ClientListener& listener_;
  void* owner_;
  std::string bootstrap_;
  rd_kafka_s* handle_ = nullptr;
  std::atomic<std::int64_t> warnings_{0};
  mutable std::mutex mutex_;
  std::string last_problem_;
};

}  // namespace workloads::kafka
