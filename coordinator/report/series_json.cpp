#include "coordinator/report/series_json.h"

#include <nlohmann/json.hpp>

namespace coordinator::report {

using nlohmann::json;

namespace {

json p99(const Percentiles& percentiles) {
  return percentiles.histogram.count() > 0 ? json(percentiles.histogram.quantile(0.99)) : json(nullptr);
}

}  // namespace

json series_json(const Series& series, common::base::Nanos zero) {
  const double seconds = static_cast<double>(series.step) / 1e9;
  json lists = {{"begin_ns", series.begin - zero}, {"step_ns", series.step}};
  const auto list = [&](const char* name, auto value) {
    json all = json::array();
    for (const SeriesPoint& point : series.points) all.push_back(value(point));
    lists[name] = std::move(all);
  };
  const auto per_second = [&](const char* name, auto count) {
    list(name, [&](const SeriesPoint& point) { return json(static_cast<double>(count(point)) / seconds); });
  };
  per_second("acked_per_s", [](const SeriesPoint& point) { return point.acked; });
  per_second("delivered_per_s", [](const SeriesPoint& point) { return point.delivered; });
  per_second("unknown_per_s", [](const SeriesPoint& point) { return point.unknown; });
  per_second("refused_per_s", [](const SeriesPoint& point) { return point.refused; });
  per_second("errors_per_s", [](const SeriesPoint& point) { return point.errors; });
  list("retries_per_s", [&](const SeriesPoint& point) {
    return point.retries ? json(static_cast<double>(*point.retries) / seconds) : json(nullptr);
  });
  list("lag", [](const SeriesPoint& point) { return point.lag < 0 ? json(nullptr) : json(point.lag); });
  list("ack_p99_ns", [](const SeriesPoint& point) { return p99(point.ack); });
  list("end_to_end_p99_ns", [](const SeriesPoint& point) { return p99(point.end_to_end); });
  list("end_to_end_clock_error_ns", [](const SeriesPoint& point) {
    return point.end_to_end.clock_error ? json(*point.end_to_end.clock_error) : json(nullptr);
  });
  return lists;
}

}  // namespace coordinator::report
