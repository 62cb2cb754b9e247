// A recording, judged by the very code that judges users' evidence: written as a history or as evidence files, and read
// back. One thread.
#pragma once

#include <string>

#include "common/base/result.h"
#include "coordinator/judge/result.h"
#include "coordinator/selftest/recording.h"

namespace coordinator::selftest {

enum class Form { history, segments };
const char* name_of(Form form);

struct Judged {
  judge::JudgeResult result, so_far;  // so far: just before the end
  workloads::evidence::Names names;   // of its ids
};

// `folder`: where evidence files may be written for a moment; it exists, and is empty before and after.
common::base::Result<Judged> judged(const Recording& recording, Form form, const std::string& folder);

}  // namespace coordinator::selftest
