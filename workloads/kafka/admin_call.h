// One call of librdkafka's Admin API: options with a timeout, a queue for its one answer, the answer's own error. Only
// for the files of this folder that include rdkafka.h.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include <librdkafka/rdkafka.h>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "workloads/kafka/client.h"
#include "workloads/kafka/names.h"

namespace workloads::kafka {

struct DestroyEvent {
  void operator()(rd_kafka_event_t* event) const { rd_kafka_event_destroy(event); }
};
using Answer = std::unique_ptr<rd_kafka_event_t, DestroyEvent>;

class AdminCall {
 public:
  AdminCall(Client& client, rd_kafka_admin_op_t operation, common::base::Nanos timeout)
      : timeout_ms_(static_cast<int>(timeout / common::base::kMillisecond)),
        options_(rd_kafka_AdminOptions_new(client.native(), operation)),
        queue_(rd_kafka_queue_new(client.native())) {
    char text[256];
    rd_kafka_AdminOptions_set_request_timeout(options_, timeout_ms_, text, sizeof text);
  }
  ~AdminCall() {
    rd_kafka_queue_destroy(queue_);
    rd_kafka_AdminOptions_destroy(options_);
  }
  AdminCall(const AdminCall&) = delete;
  AdminCall& operator=(const AdminCall&) = delete;

  void ask_broker(std::int32_t id) {
    char text[256];
    rd_kafka_AdminOptions_set_broker(options_, id, text, sizeof text);
  }
  rd_kafka_AdminOptions_t* options() { return options_; }
  rd_kafka_queue_t* queue() { return queue_; }

  // `doing` and the address go into the error: "describe topics at host:port: _TIMED_OUT: ...".
  common::base::Result<Answer> wait(const Client& client, const std::string& doing) {
    constexpr int kGrace = 1000;  // the library's own timeout comes first
    Answer answer(rd_kafka_queue_poll(queue_, timeout_ms_ + kGrace));
    const int error = answer == nullptr ? RD_KAFKA_RESP_ERR__TIMED_OUT : rd_kafka_event_error(answer.get());
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return answer;
    const char* text = answer == nullptr ? nullptr : rd_kafka_event_error_string(answer.get());
    using common::base::ErrorKind;
    const ErrorKind kind = error == RD_KAFKA_RESP_ERR__TIMED_OUT ? ErrorKind::timeout : ErrorKind::infrastructure;
    return common::base::fail(kind, doing + " at " + client.bootstrap() + ": " + error_name(error) + ": " +
                                        (text == nullptr ? error_text(error) : text));
  }

 private:
  int timeout_ms_;
  rd_kafka_AdminOptions_t* options_;
  rd_kafka_queue_t* queue_;
};

}  // namespace workloads::kafka
