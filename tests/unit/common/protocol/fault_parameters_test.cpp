#include "common/protocol/fault_parameters.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace common::protocol {
namespace {

constexpr FaultParameter kParameters[] = {
    {.name = "delay", .type = ParameterType::duration, .what = "how late", .required = true, .least = 0, .most = 60e9},
    {.name = "jump", .type = ParameterType::duration, .least = -3600e9, .most = 3600e9},
    {.name = "rate", .type = ParameterType::rate, .least = 1000},
    {.name = "rest", .type = ParameterType::bytes, .fallback = "4KiB"},
    {.name = "share", .type = ParameterType::percent, .fallback = "100%", .least = 0, .most = 100},
    {.name = "verdict", .type = ParameterType::choice, .fallback = "drop", .choices = "drop reject reset"},
    {.name = "peers", .type = ParameterType::peers},
    {.name = "hard", .type = ParameterType::flag, .fallback = "false"},
    {.name = "files", .type = ParameterType::count, .least = 1, .most = 1e6},
};
constexpr FaultDescription kFault{.name = "latency", .group = "", .summary = "", .parameters = kParameters};

std::string mistakes(const FaultWords& words) {
  base::Problems problems;
  (void)FaultParameters::read(kFault, words, problems);
  return problems.empty() ? "" : to_error(problems).what;
}

TEST(fault_parameters, are_read_with_their_units) {
  base::Problems problems;
  const auto read = FaultParameters::read(kFault,
                                          {{"delay", {"1.5s"}},
                                           {"jump", {"-10m"}},
                                           {"rate", {"10Mbit/s"}},
                                           {"share", {"0.5%"}},
                                           {"verdict", {"reset"}},
                                           {"peers", {"198.18.0.2, 198.18.0.3", "198.19.0.0/16"}},
                                           {"hard", {"true"}},
                                           {"files", {"2k"}}},
                                          problems);
  ASSERT_TRUE(problems.empty()) << to_error(problems).what;
  EXPECT_EQ(read.duration("delay"), 1'500'000'000);
  EXPECT_EQ(read.duration("jump"), -600'000'000'000);
  EXPECT_EQ(read.rate("rate"), 1'250'000);
  EXPECT_EQ(read.bytes("rest"), 4096) << "its fallback";
  EXPECT_DOUBLE_EQ(read.percent("share"), 0.5);
  EXPECT_EQ(read.text("verdict"), "reset");
  EXPECT_EQ(read.list("peers"), (std::vector<std::string>{"198.18.0.2", "198.18.0.3", "198.19.0.0/16"}));
  EXPECT_TRUE(read.flag("hard"));
  EXPECT_EQ(read.count("files"), 2000);
}

TEST(fault_parameters, that_are_absent_are_told_from_those_with_a_fallback) {
  base::Problems problems;
  const auto read = FaultParameters::read(kFault, {{"delay", {"1ms"}}}, problems);
  ASSERT_TRUE(problems.empty());
  EXPECT_FALSE(read.has("rate"));
  EXPECT_TRUE(read.has("rest"));
  EXPECT_TRUE(read.list("peers").empty());
}

TEST(fault_parameters, every_mistake_is_told_with_what_would_be_right) {
  EXPECT_EQ(mistakes({}), "field `delay` is missing: how late");
  EXPECT_EQ(mistakes({{"delay", {"5"}}}),
            "field `delay` is wrong: `5` is not one of the forms 500us, 200ms, 1.5s, 2m, 1h");
  EXPECT_EQ(mistakes({{"delay", {"2m"}}}), "field `delay` must be from 0 ns to 60.0 s, not 2m");
  EXPECT_EQ(mistakes({{"delay", {"-1s"}}}), "field `delay` must be from 0 ns to 60.0 s, not -1s");
  const auto told = [](const char* name, const char* word) { return mistakes({{"delay", {"1ms"}}, {name, {word}}}); };
  EXPECT_EQ(told("rate", "10mbps"),
            "field `rate` is wrong: `10mbps` is not one of the forms 10Mbit/s, 1.5MB/s, 512KiB/s");
  EXPECT_EQ(told("rate", "10B/s"), "field `rate` must be at least 1000 B/s, not 10B/s");
  EXPECT_EQ(told("share", "20"), "field `share` is wrong: `20` is not one of the forms 20%, 0.5%");
  EXPECT_EQ(told("share", "101%"), "field `share` must be from 0% to 100%, not 101%");
  EXPECT_EQ(told("verdict", "dorp"), "field `verdict` must be one of `drop`, `reject`, `reset`, not `dorp`");
  EXPECT_EQ(told("hard", "yes"), "field `hard` must be true or false, not `yes`");
  EXPECT_EQ(told("peers", ","), "field `peers` must name one at least; without it, it is all");
  EXPECT_EQ(told("dealy", "1s"), "field `dealy` is unknown to the fault `latency`; did you mean `delay`?");
  EXPECT_EQ(mistakes({{"delay", {"1s", "2s"}}}), "field `delay` must be one value, not a list");
}

TEST(fault_parameters, come_back_from_json_as_they_were_written) {
  base::Problems problems;
  const auto words =
      words_from({{"delay", "1ms"}, {"peers", {"a", "b"}}, {"files", 20}, {"hard", true}}, "p", problems);
  EXPECT_TRUE(problems.empty());
  EXPECT_EQ(words, (FaultWords{{"delay", {"1ms"}}, {"peers", {"a", "b"}}, {"files", {"20"}}, {"hard", {"true"}}}));
  EXPECT_EQ(words_from(words_json(words), "p", problems), words);
  (void)words_from({{"delay", {{"ms", 1}}}}, "p", problems);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].path, "p.delay");
}

}  // namespace
}  // namespace common::protocol
