#include "common/base/json_fields.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace common::base {
namespace {

TEST(json_fields, every_mistake_is_named_at_once_with_its_path) {
  const auto json = nlohmann::json::parse(R"({"rate": "fast", "sise": 3, "n": 0})");
  Problems problems;
  Fields fields(json, "workload", problems);
  std::int64_t rate = 0, size = 0, n = 0;
  std::string topic;
  fields.optional("rate", rate);
  fields.optional("size", size);
  fields.required("topic", topic);
  fields.required("n", n, 1, 10);
  fields.finish();
  ASSERT_EQ(problems.size(), 4u);
  EXPECT_EQ(to_error(problems).what,
            "field `workload.rate` must be a whole number, not \"fast\"; field `workload.topic` is missing; expected a "
            "string; "
            "field `workload.n` must be a whole number from 1 to 10, not 0; field `workload.sise` is unknown; did you "
            "mean `size`?");
}

TEST(json_fields, a_number_beyond_int64_is_refused) {
  Problems problems;
  const auto json = nlohmann::json::parse(R"({"n": 18446744073709551615})");  // Fields keeps a pointer to it
  Fields fields(json, "", problems);
  std::int64_t n = 0;
  fields.required("n", n);
  EXPECT_EQ(problems.size(), 1u);
}

TEST(parse_json, duplicate_keys_and_broken_text_are_refused) {
  EXPECT_EQ(parse_json(R"({"a": 1, "b": {"a": 2}, "a": 3})").error().what, "the key `a` stands twice in one object");
  EXPECT_TRUE(parse_json(R"({"a": 1, "b": {"a": 2}})").has_value());
  EXPECT_NE(parse_json("{").error().what.find("is not JSON at byte 2"), std::string::npos);
}

TEST(Nearest, two_letters_swapped_are_one_mistake) {
  EXPECT_EQ(nearest("acsk", {"sack", "acks", "rate"}), "acks");
  EXPECT_EQ(nearest("fautl", {"steady", "fault"}), "fault");
}

}  // namespace
}  // namespace common::base
