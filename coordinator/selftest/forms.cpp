#include "coordinator/selftest/forms.h"

#include <filesystem>
#include <sstream>
#include <type_traits>

#include "coordinator/judge/judge.h"
#include "workloads/evidence/history_reader.h"
#include "workloads/evidence/history_writer.h"
#include "workloads/evidence/run_evidence.h"
#include "workloads/evidence/segment_writer.h"

namespace coordinator::selftest {
namespace base = common::base;
namespace evidence = workloads::evidence;
using evidence::Event;

namespace {

// `next` goes on where `run` ends, and differs in nothing else.
template <typename E>
bool join(E& run, const E& next) {
  if constexpr (requires { run.sequence, run.count; } && !std::is_same_v<E, evidence::Reserve>) {
    E expected = run;
    if (run.sequence != evidence::kNoOffset) expected.sequence += run.count;
    if constexpr (requires { run.offset; })
      if (run.offset != evidence::kNoOffset) expected.offset += run.count;
    expected.count = next.count;
    if (!(expected == next)) return false;
    run.count += next.count;
    return true;
  }
  return false;
}

// As workloads write it: neighbours as runs.
template <typename F>
void each_run(const Lines& lines, F f) {
  Event run;
  bool open = false;
  for (const Event& event : lines) {
    const bool joined =
        open && event.index() == run.index() &&
        std::visit([&event](auto& one) { return join(one, std::get<std::decay_t<decltype(one)>>(event)); }, run);
    if (joined) continue;
    if (open) f(run);
    run = event;
    open = true;
  }
  if (open) f(run);
}

void add(const Event& event, std::int64_t line, Judged& out, judge::Judge& judge) {
  if (std::holds_alternative<evidence::End>(event)) out.so_far = judge.so_far();
  judge.add(event, line);
}

base::Result<void> judge_history(const Recording& recording, Judged& out, judge::Judge& judge) {
  evidence::HistoryWriter writer(*recording.names);
  std::string text;
  bool ended = false;
  for (const Lines& lines : recording.files)
    each_run(lines, [&](const Event& event) {
      if (std::holds_alternative<evidence::End>(event))
        ended = true;
      else
        writer.append(event, text);
    });
  if (ended) writer.append(evidence::End{}, text);
  std::istringstream in(std::move(text));
  return evidence::read_history(in, out.names,
                                [&](const Event& event, std::int64_t line) { add(event, line, out, judge); });
}

base::Result<std::vector<std::string>> write_segments(const Recording& recording, const std::string& folder) {
  std::vector<std::string> files;
  for (const Lines& lines : recording.files) {
    files.push_back(folder + "/" + std::to_string(files.size()) + ".fde");
    const auto writer = evidence::SegmentWriter::create(files.back());
    if (!writer) return writer.error();
    // Interned in the same order, names have the same ids.
    for (evidence::Id id = 0; id < recording.names->size(); ++id) (*writer)->names().intern(recording.names->text(id));
    each_run(lines, [&](const Event& event) { (*writer)->add(event); });
    if (auto flushed = (*writer)->flush(); !flushed) return flushed.error();
  }
  return files;
}

base::Result<void> judge_segments(const Recording& recording, const std::string& folder, Judged& out,
                                  judge::Judge& judge) {
  const auto files = write_segments(recording, folder);
  base::Result<void> done;
  if (!files) {
    done = files.error();
  } else {
    std::int64_t line = 0;
    const auto read = evidence::for_each_run_event(*files, out.names, [&](const Event& event) {
      if (evidence::stands_in_history(event)) add(event, ++line, out, judge);
    });
    if (!read) done = read.error();
  }
  std::error_code ignored;
  for (std::size_t i = 0; i < recording.files.size(); ++i)
    std::filesystem::remove(folder + "/" + std::to_string(i) + ".fde", ignored);
  return done;
}

}  // namespace

const char* name_of(Form form) {
  return form == Form::history ? "history" : "segments";
}

base::Result<Judged> judged(const Recording& recording, Form form, const std::string& folder) {
  Judged out;
  judge::Judge judge(out.names);
  const auto read =
      form == Form::history ? judge_history(recording, out, judge) : judge_segments(recording, folder, out, judge);
  if (!read) return read.error();
  out.result = judge.result();
  return out;
}

}  // namespace coordinator::selftest
