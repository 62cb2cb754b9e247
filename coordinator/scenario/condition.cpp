#include "coordinator/scenario/condition.h"

#include <array>
#include <utility>
#include <vector>

#include "common/base/json_fields.h"
#include "common/base/units.h"

namespace coordinator::scenario {

using common::base::ErrorKind;
using common::base::fail;
using common::base::Result;

namespace {

constexpr std::array<std::pair<std::string_view, GateMetric>, 5> kNames{{{"acked", GateMetric::acked},
                                                                         {"delivered", GateMetric::delivered},
                                                                         {"lag", GateMetric::lag},
                                                                         {"isr", GateMetric::isr},
                                                                         {"brokers", GateMetric::brokers}}};

}  // namespace

Result<Condition> parse_condition(std::string_view text) {
  const auto sides = split_comparison(text);
  if (!sides) return fail(ErrorKind::configuration, sides.error().what);
  Condition condition;
  bool known = false;
  std::vector<std::string> names;
  for (const auto& [name, metric] : kNames) {
    names.emplace_back(name);
    if (name != sides->left) continue;
    condition.metric = metric;
    known = true;
  }
  if (!known) {
    const std::string meant = common::base::nearest(sides->left, names);
    return fail(ErrorKind::configuration, "a gate cannot wait for `" + sides->left + "`" +
                                              (meant.empty() ? "; it can for acked, delivered, lag, isr, brokers"
                                                             : "; did you mean `" + meant + "`?"));
  }
  condition.comparison = sides->comparison;
  if (sides->right == "full") {
    if (condition.metric != GateMetric::isr && condition.metric != GateMetric::brokers)
      return fail(ErrorKind::configuration, "`" + sides->left + "` cannot be `full`; only `isr` and `brokers` can");
    if (condition.comparison != Comparison::equal) return fail(ErrorKind::configuration, "`full` goes with `==` only");
    condition.full = true;
    return condition;
  }
  const auto value = common::base::parse_count(sides->right);
  if (!value) return value.error();
  condition.value = *value;
  return condition;
}

bool holds(const Condition& condition, std::int64_t measured, std::int64_t full_value) {
  if (condition.full) return measured >= full_value;
  return compare(static_cast<double>(measured), condition.comparison, static_cast<double>(condition.value));
}

}  // namespace coordinator::scenario
