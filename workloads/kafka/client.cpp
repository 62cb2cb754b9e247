#include "workloads/kafka/client.h"

#include <algorithm>

#include <librdkafka/rdkafka.h>

#include "common/base/log.h"
#include "workloads/kafka/names.h"

namespace workloads::kafka {

using common::base::ErrorKind;
using common::base::fail;

void Client::on_error(rd_kafka_s* handle, int code, const char* text, void* opaque) {
  auto* self = static_cast<Client*>(opaque);
  const bool fatal = code == RD_KAFKA_RESP_ERR__FATAL;
  char cause[512] = "";
  if (fatal) code = rd_kafka_fatal_error(handle, cause, sizeof cause);
  if (code != kNoBrokerUp) {  // which only follows from what was told before
    const std::lock_guard lock(self->mutex_);
    self->last_problem_ = fatal ? cause : text;
  }
  self->listener_.problem(code, fatal ? cause : text, fatal);
}

int Client::on_statistics(rd_kafka_s* /*handle*/, char* json, std::size_t size, void* opaque) {
  static_cast<Client*>(opaque)->listener_.statistics({json, size});
  return 0;  // librdkafka frees the text
}

void Client::on_log(const rd_kafka_s* handle, int level, const char* facility, const char* text) {
  constexpr int kWarning = 4;  // syslog's
  common::base::log(common::base::Level::debug, "librdkafka", {{"facility", facility}, {"text", text}});
  auto* self = static_cast<Client*>(rd_kafka_opaque(handle));
  if (level > kWarning || self == nullptr) return;
  self->warnings_.fetch_add(1);
  self->listener_.warning(facility, text);
}

common::base::Result<std::unique_ptr<Client>> Client::create(Role role, Conf conf, ClientListener& listener,
                                                             void* owner) {
  if (auto library = check_library(); !library) return library.error();
  std::unique_ptr<Client> client(new Client(listener, owner));
  client->bootstrap_ = conf.get("bootstrap.servers");
  rd_kafka_conf_set_opaque(conf.native(), client.get());
  rd_kafka_conf_set_log_cb(conf.native(), &Client::on_log);
  rd_kafka_conf_set_error_cb(conf.native(), &Client::on_error);
  rd_kafka_conf_set_stats_cb(conf.native(), &Client::on_statistics);
  if (role == Role::consumer)
    if (auto set = conf.set("check.crcs", "true"); !set) return set.error();
  char text[512];
  client->handle_ =
      rd_kafka_new(role == Role::producer ? RD_KAFKA_PRODUCER : RD_KAFKA_CONSUMER, conf.native(), text, sizeof text);
  if (client->handle_ == nullptr) return fail(ErrorKind::configuration, std::string("client properties: ") + text);
  conf.release();
  return client;
}

Client::~Client() {
  // Whoever owns groups has closed the consumer already, with a deadline; destroying must not try again without one.
  if (handle_ != nullptr) rd_kafka_destroy_flags(handle_, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
}

void Client::serve() {
  rd_kafka_poll(handle_, 0);
}

std::string Client::last_problem() const {
  const std::lock_guard lock(mutex_);
  return last_problem_;
}

common::base::Result<std::int32_t> Client::partitions_of(const std::string& topic, common::base::Nanos deadline,
                                                         const std::stop_token& stop) {
  rd_kafka_topic_t* handle = rd_kafka_topic_new(handle_, topic.c_str(), nullptr);
  if (handle == nullptr) return fail(ErrorKind::configuration, "`" + topic + "` is no name of a topic");
  int count = -1;
  int last = RD_KAFKA_RESP_ERR__TIMED_OUT;
  while (!stop.stop_requested()) {
    const std::int64_t left_ms = (deadline - common::base::steady_now()) / common::base::kMillisecond;
    if (left_ms <= 0) break;
    const rd_kafka_metadata_t* metadata = nullptr;
    last = rd_kafka_metadata(handle_, 0, handle, &metadata, static_cast<int>(std::min<std::int64_t>(left_ms, 500)));
    if (last != RD_KAFKA_RESP_ERR_NO_ERROR) continue;  // it has waited for 500 ms itself
    const int told = metadata->topic_cnt == 1 ? metadata->topics[0].err : RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
    if (told == RD_KAFKA_RESP_ERR_NO_ERROR) count = metadata->topics[0].partition_cnt;
    if (told == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) count = 0;
    rd_kafka_metadata_destroy(metadata);
    if (count >= 0) break;
    rd_kafka_poll(handle_, 50);  // a topic that is just being created: leader not available yet
  }
  rd_kafka_topic_destroy(handle);
  if (count >= 0) return count;
  serve();
  const std::string reason = last_problem().empty() ? error_text(last) : last_problem();
  return fail(ErrorKind::infrastructure,
              "no broker at " + bootstrap_ + " tells about topic `" + topic + "`: " + reason);
}

}  // namespace workloads::kafka
