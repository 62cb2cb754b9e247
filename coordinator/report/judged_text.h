// What the judge said, as a person reads it: why a verdict is not better, the books, the findings. The same words for
// a run's report and for `firedrill judge`. Pure.
#pragma once

#include <string>

#include "coordinator/report/report.h"
#include "coordinator/report/sheet.h"

namespace coordinator::report {

void reasons_text(Sheet& sheet, const Report& report);
void books_text(Sheet& sheet, const Report& report, bool all);
// `lines_of`: where the lines that prove a finding are counted.
void findings_text(Sheet& sheet, const Report& report, const std::string& lines_of, bool all);
// What the configuration promised, and what became of it; `all`: what was not promised and did not happen, too.
void promises_text(Sheet& sheet, const Report& report, bool all);  // promised_text.cpp

}  // namespace coordinator::report
