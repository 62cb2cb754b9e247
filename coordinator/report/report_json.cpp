#include "coordinator/report/report_json.h"

#include <array>
#include <utility>

#include <nlohmann/json.hpp>

#include "coordinator/report/series_json.h"
#include "coordinator/report/told.h"

namespace coordinator::report {

using nlohmann::json;

namespace {

json moment(const Moment& at, common::base::Nanos zero) {
  return at ? json(*at - zero) : json(nullptr);
}

json latency(const Percentiles& percentiles) {
  json result = {{"count", percentiles.histogram.count()},
                 {"clock_error_ns", percentiles.clock_error ? json(*percentiles.clock_error) : json(nullptr)}};
  constexpr std::array<std::pair<const char*, double>, 5> kQuantiles{
      {{"p50_ns", 0.5}, {"p90_ns", 0.9}, {"p99_ns", 0.99}, {"p99_9_ns", 0.999}, {"max_ns", 1.0}}};
  for (const auto& [name, quantile] : kQuantiles)
    result[name] = percentiles.histogram.count() > 0 ? json(percentiles.histogram.quantile(quantile)) : json(nullptr);
  return result;
}

json silence(const Unavailability& silence, const Report& report) {
  return {{"longest_ns", silence.longest},
          {"total_ns", silence.total},
          {"open", silence.open},
          {"clock_error_ns", silence.clock_error ? json(*silence.clock_error) : json(nullptr)},
          {"partitions", silence.partitions},
          {"worst", silence.partitions > 0 ? json(partition_text(report, silence.worst)) : json(nullptr)}};
}

json timeless(const Timeless& in) {
  return {{"sent", in.sent},
          {"acked", in.acked},
          {"unknown", in.unknown},
          {"refused", in.refused},
          {"delivered", in.delivered}};
}

json phase(const Measured& in, common::base::Nanos zero, const Report& report) {
  const bool some_elsewhere = !in.phase.empty() && report.measured.timeless.outcomes();  // or here: nobody knows
  const std::int64_t outcomes = some_elsewhere ? 0 : in.acked + in.unknown + in.refused;
  const double seconds = static_cast<double>(in.end - in.begin) / 1e9;
  return {{"begin_ns", in.begin - zero},
          {"duration_ns", in.end - in.begin},
          {"sent", in.sent},
          {"acked", in.acked},
          {"unknown", in.unknown},
          {"refused", in.refused},
          {"delivered", in.delivered},
          {"acked_per_s", seconds > 0 ? json(static_cast<double>(in.acked) / seconds) : json(nullptr)},
          {"delivered_per_s", seconds > 0 ? json(static_cast<double>(in.delivered) / seconds) : json(nullptr)},
          {"success_rate",
           outcomes > 0 ? json(static_cast<double>(in.acked) / static_cast<double>(outcomes)) : json(nullptr)},
          {"ack", latency(in.ack)},
          {"end_to_end", latency(in.end_to_end)},
          {"leader_changes", in.leader_changes},
          {"leader_elections", in.leader_elections},
          {"in_flight_at_leader_change", in.in_flight_at_leader_change},
          {"isr_shrinks", in.isr_shrinks},
          {"controller_changes", in.controller_changes},
          {"cluster_observed", in.cluster_observed},
          {"controller_observed", in.controller_observed},
          {"producer_unavailability", silence(in.producers, report)},
          {"consumer_unavailability", silence(in.consumers, report)}};
}

json partition(const PartitionMilestones& in, const FaultMeasured& fault, const Report& report) {
  json result = {{"partition", partition_text(report, in.where)}};
  json why = json::object();
  for (const Told& told : told_of(in, fault)) {
    result[told.name] = told.value ? json(*told.value) : json(nullptr);
    if (!told.value) why[told.name] = told.why;
  }
  result["why_null"] = std::move(why);
  return result;
}

json fault(const FaultMeasured& in, common::base::Nanos run_begin, const Report& report) {
  const common::base::Nanos zero = in.injecting.value_or(0);
  json partitions = json::array();
  for (const PartitionMilestones& one : in.partitions) partitions.push_back(partition(one, in, report));
  return {{"fault", in.name},
          {"kind", in.kind},
          {"target", in.target},
          {"proof", in.proof},
          {"at_ns", moment(in.injecting, run_begin)},
          {"first_error_ns", moment(in.first_error, zero)},
          {"active_ns", moment(in.active, zero)},
          {"reverting_ns", moment(in.reverting, zero)},
          {"reverted_ns", moment(in.reverted, zero)},
          {"failed_ns", moment(in.failed, zero)},
          {"clock_error_ns", in.clock_error ? json(*in.clock_error) : json(nullptr)},
          {"leader_changes", in.leader_changes},
          {"producer_unavailability", silence(in.producers, report)},
          {"consumer_unavailability", silence(in.consumers, report)},
          {"during", phase(in.during, run_begin, report)},
          {"partitions", std::move(partitions)}};
}

json stream(const Stream& in, const Report& report) {
  return {{"producer", report.names->text(in.producer)},
          {"partition", partition_text(report, in.where)},
          {"sent", in.sent},
          {"acked", in.acked},
          {"refused", in.refused},
          {"unknown", in.unknown}};
}

json evaluated(const std::vector<Evaluated>& all) {
  json list = json::array();
  for (const Evaluated& one : all) {
    const char* outcome = one.outcome == Outcome::hit ? "hit" : one.outcome == Outcome::missed ? "missed" : "undecided";
    list.push_back(
        {{"expectation", one.expectation.text}, {"outcome", outcome}, {"measured", one.measured}, {"why", one.why}});
  }
  return list;
}

json waivers(const Report& report) {
  json list = json::array();
  for (const Waived& one : report.waived)
    list.push_back({{"finding", one.waiver.finding}, {"because", one.waiver.because}, {"findings", one.findings}});
  return list;
}

json promises(const Report& report) {
  json list = json::array();
  for (const Promised& one : report.promises)
    list.push_back({{"against", judge::name_of(one.row->hazard)},
                    {"promised", one.row->promised()},
                    {"configuration", one.configuration},
                    {"of", one.of},
                    {"what", one.row->what},
                    {"when", one.row->when},
                    {"why", one.row->why},
                    {"outcome", name_of(one.outcome)},
                    {"findings", one.findings}});
  return list;
}

}  // namespace

json to_json(const Report& report) {
  const RunFacts& facts = report.facts;
  const Measurements& measured = report.measured;
  json judged = judge::to_json(report.judged, *report.names);
  for (std::size_t i = 0; i < report.judged.findings.size(); ++i)
    if (const std::string* because = waived(report, report.judged.findings[i]))
      judged["findings"][i]["waived"] = *because;
  json phases = json::array();
  for (const Measured& one : measured.phases) {
    phases.push_back(phase(one, measured.run.begin, report));
    phases.back()["phase"] = one.phase;
  }
  json faults = json::array();
  for (const FaultMeasured& one : measured.faults) faults.push_back(fault(one, measured.run.begin, report));
  json streams = json::array();
  for (const Stream& one : measured.streams) streams.push_back(stream(one, report));
  json out = {{"format", 1},
              {"verdict", word(report.verdict)},
              {"exit_code", exit_code(report.verdict)},
              {"sentence", report.sentence},
              {"reasons", report.reasons},
              {"run", facts.run},
              {"scenario", facts.scenario},
              {"description", facts.description},
              {"seed", std::to_string(facts.seed)},
              {"parameters", facts.parameters},
              {"started", facts.started},
              {"cluster_id", facts.cluster_id},
              {"name_suffix", facts.name_suffix},
              {"bootstrap", facts.bootstrap},
              {"aborted", facts.aborted},
              {"revert_failed", facts.revert_failed},
              {"books", judged["books"]},
              {"streams", std::move(streams)},
              {"findings", judged["findings"]},
              {"timeless", timeless(report.measured.timeless)},
              {"whole_run", phase(measured.run, measured.run.begin, report)},
              {"phases", std::move(phases)},
              {"faults", std::move(faults)},
              {"audited_partitions", report.audit.partitions},
              {"series", series_json(measured.series, measured.run.begin)},
              {"lag_left", measured.lag_left < 0 ? json(nullptr) : json(measured.lag_left)},
              {"expectations", evaluated(report.expectations)},
              {"validity", evaluated(report.validity)},
              {"waived", waivers(report)},
              {"promises", promises(report)},
              {"not_proved", report.not_proved}};
  if (judged.contains("left_out")) out["left_out"] = judged["left_out"];
  return out;
}

}  // namespace coordinator::report
