// docs/scenarios.md is true: its example plans, and it lists the metrics as the table in code has them.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "coordinator/scenario/metric_table.h"
#include "coordinator/scenario/scenario.h"

namespace coordinator::scenario {
namespace {

std::string documentation() {
  std::ostringstream text;
  text << std::ifstream(std::string(FIREDRILL_SOURCE_DIR) + "/docs/scenarios.md").rdbuf();
  return text.str();
}

std::string table() {
  std::string text = "| metric | compared with | over | |\n|---|---|---|---|\n";
  for (const Metric& metric : metrics())
    text += "| `" + std::string(metric.name) + "` | " + std::string(unit_words(metric.unit)) + " | " +
            std::string(scope_words(metric.scope)) + " | " + std::string(metric.meaning) + " |\n";
  return text;
}

TEST(ScenarioDocs, the_example_plans_without_a_mistake) {
  const std::string text = documentation();
  const std::size_t begin = text.find("```yaml\n") + 8;
  const auto scenario = parse_scenario(text.substr(begin, text.find("```", begin) - begin), "docs/scenarios.md");
  ASSERT_TRUE(scenario) << scenario.error().what;
  const auto plan = make_plan(*scenario, {{"frozen", "20s"}}, {{1, 2, 3}}, "r", 1);
  ASSERT_TRUE(plan) << plan.error().what;
}

TEST(MetricTable, the_documentation_lists_it) {
  const std::string text = documentation();
  const std::string begin_mark = "gtest_filter=MetricTable.*` -->\n";
  const std::size_t begin = text.find(begin_mark) + begin_mark.size();
  const std::size_t end = text.find("<!-- end of metrics -->");
  ASSERT_LT(begin, text.size());
  ASSERT_NE(end, std::string::npos);
  if (std::getenv("FIREDRILL_WRITE_DOCS") != nullptr) {
    std::ofstream(std::string(FIREDRILL_SOURCE_DIR) + "/docs/scenarios.md")
        << text.substr(0, begin) << table() << text.substr(end);
    return;
  }
  EXPECT_EQ(text.substr(begin, end - begin), table());
}

}  // namespace
}  // namespace coordinator::scenario
