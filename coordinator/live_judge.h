// Judges a run while its evidence arrives, on a thread of its own: reads what the pulls have added to the run's files
// and tells findings, seldom more than 2 s behind. Memory is the judge's: runs and anomalies, and
// runs of inputs where records are made of others (judge.h). It takes at most a
// quarter of one core, since it rests three times as long as it worked on its one thread: a long run is judged less
// often, and `as_of` tells how far behind that is. Without memory for it, it gives up, and the run goes on. The verdict
// does not depend on it; that one is made from the whole evidence when the run has ended. findings() may be called from
// any thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <stop_token>
#include <string>
#include <thread>

#include "common/base/result.h"
#include "coordinator/judge/judge.h"
#include "coordinator/report/live_findings.h"
#include "workloads/evidence/names.h"
#include "workloads/evidence/segment_reader.h"

namespace coordinator {

class LiveJudge {
 public:
  // `folder`: of the run's evidence. `waived`: kinds of findings that its scenario waives. `judged` is called, on the
  // judge's thread, after findings() became newer.
  LiveJudge(std::string folder, std::set<std::string> waived, std::chrono::milliseconds pause,
            std::function<void()> judged);
  ~LiveJudge();
  LiveJudge(const LiveJudge&) = delete;
  LiveJudge& operator=(const LiveJudge&) = delete;

  report::LiveFindings findings() const;

 private:
  struct Followed;

  void run(const std::stop_token& stop);
  bool read_more();  // whether there was something
  bool read_more(Followed& file, const std::string& path);
  void tell();
  void give_up(const std::string& why);

  const std::string folder_;
  const std::set<std::string> waived_;
  const std::chrono::milliseconds pause_;
  const std::function<void()> judged_;

  // Of the thread alone.
  workloads::evidence::Names names_;
  judge::Judge judge_{names_, 1};
  std::map<std::string, std::unique_ptr<Followed>> files_;  // by name within the folder
  std::int64_t line_ = 0;
  bool failed_ = false;

  mutable std::mutex mutex_;
  std::condition_variable_any wake_;  // for the end alone
  report::LiveFindings findings_;

  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace coordinator
