// What a writer must know to go on with a file: names and streams as the file left them. Used by segment_writer.cpp
// only.
#pragma once

#include <string>

#include "common/base/result.h"
#include "workloads/evidence/names.h"
#include "workloads/evidence/segment_reader.h"
#include "workloads/evidence/streams.h"

namespace workloads::evidence {

struct Restored {
  FileFacts facts;
  Names names;  // ids as in the file
  Streams streams;
};

common::base::Result<Restored> restore_segments(const std::string& path);

}  // namespace workloads::evidence
