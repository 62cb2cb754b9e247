// An agent that plays its part over real HTTP, without Kafka: tasks end when they are told to, faults are felt at once,
// every task leaves real evidence. Tests bend it through `Behaviour`. Time passes for it by being asked, never by
// waiting.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/http/server.h"
#include "common/protocol/task.h"

namespace coordinator::faked {

struct Behaviour {
  std::string name = "fake";
  std::string told_cluster = "fake-cluster";  // what it may break; it always says to be at fake-cluster
  std::vector<std::string> faults{"kill", "stop", "pause", "restart"};
  int damaged_pages = 0;    // the next n evidence pages have a wrong byte
  std::string refuse_kind;  // tasks of this kind are refused with 403
  bool refuse_events = false;
  bool answer_events_badly = false;  // they happen, but no client can read the answer
  std::string fail_kind;             // tasks of this kind end as failed
  bool faults_last = false;          // a fault ends only by stop, not by its duration
  bool revert_fails = false;
  bool corrupt_read = false;  // a fault's evidence shows that a record came out corrupt
  std::vector<std::int64_t> isr{1, 2, 3};
  std::int64_t leader = 2;
  std::int64_t end = 10;          // of every partition's log
  std::int64_t position = 10;     // of the consumers
  std::int64_t end_asked_at = 0;  // when the observer asked for the ends; 0: just now
};

class FakeAgent {
 public:
  explicit FakeAgent(std::string folder, Behaviour behaviour = {});
  ~FakeAgent();

  std::string url() const;
  void go_away();    // no answer any more, as after kill -9 ..
  void come_back();  // .. and the tasks that ran are lost
  void bend(const std::function<void(Behaviour&)>& how);

  std::vector<std::string> created() const;          // ids in the order of their first creation
  std::vector<std::string> stopped() const;          // in the order of the first stop
  int leases(const std::string& id) const;           // renewals
  int asked(const std::string& id) const;            // for its status
  std::vector<std::string> happened() const;         // "run-1.reader-1 restart", as they were asked for
  std::string request(const std::string& id) const;  // the body as it was sent
  int asked_for_cluster() const;
  std::size_t running() const;

 private:
  struct Task {
    common::protocol::TaskRequest request;
    common::protocol::TaskStatus status;
    std::string body;
    int asked = 0;
    int leases = 0;
    nlohmann::json events = nlohmann::json::object();
    bool stopped = false;
    std::int64_t page_end = -1;
  };
  using Request = common::http::Request;
  using Response = common::http::Response;

  std::vector<common::http::Route> routes();
  void listen();
  Response info(const Request& request);
  Response cluster(const Request& request);
  Response create(const Request& request);
  Response status(const Request& request);
  Response stop(const Request& request);
  Response lease(const Request& request);
  Response happen(const Request& request);
  Response evidence(const Request& request);
  void step(Task& task);  // what a moment more does to it
  void finish(Task& task, const std::string& state);
  void write_evidence(const Task& task) const;
  std::string file(const Task& task) const { return folder_ + "/" + task.request.id + ".fde"; }
  nlohmann::json progress(const Task& task) const;

  std::string folder_;
  mutable std::mutex mutex_;
  Behaviour behaviour_;
  std::map<std::string, Task> tasks_;
  std::vector<std::string> created_;
  std::vector<std::string> stopped_;
  std::vector<std::string> happened_;
  int asked_for_cluster_ = 0;
  std::uint16_t port_ = 0;
  std::unique_ptr<common::http::Server> server_;
};

}  // namespace coordinator::faked
