// The report of a run, from its directory alone: judges, measures and evaluates the evidence that is there, any time
// and as often as one likes. Writes nothing.
#pragma once

#include "common/base/result.h"
#include "coordinator/report/report.h"
#include "coordinator/run_directory.h"

namespace coordinator {

common::base::Result<report::Report> make_report(const RunDirectory& directory);
// Of what is intact of broken evidence: says what was left out, and never passes.
common::base::Result<report::Report> salvage_report(const RunDirectory& directory);

}  // namespace coordinator
