#include "workloads/evidence/history_reader.h"

#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace workloads::evidence {
namespace {

using testing::AllOf;
using testing::HasSubstr;

// "" if it was accepted.
std::string refusal(const std::string& history) {
  Names names;
  std::istringstream in(history);
  const auto read = read_history(in, names, [](const Event&, std::int64_t) {});
  return read ? "" : read.error().what;
}

// A history of run, topic, producer and consumer, and then the given lines: they begin at line 5.
std::string begun(const std::string& lines) {
  return R"({"event":"run","format":1,"run":"r"}
{"event":"topic","topic":"t","partitions":2}
{"event":"producer","producer":"p"}
{"event":"consumer","consumer":"c"}
)" + lines;
}

struct Mistake {
  const char* lines;
  const char* where;
  const char* field;
};

class Refused : public testing::TestWithParam<Mistake> {};

TEST_P(Refused, names_line_and_field) {
  EXPECT_THAT(refusal(begun(GetParam().lines)), AllOf(HasSubstr(GetParam().where), HasSubstr(GetParam().field)));
}

INSTANTIATE_TEST_SUITE_P(
    mistakes, Refused,
    testing::Values(
        Mistake{"{", "line 5", "JSON"}, Mistake{"[]", "line 5", "object"}, Mistake{"\n", "line 5", "empty"},
        Mistake{"{\"event\":\"end\"}\n\n", "line 6", "empty"},
        Mistake{"{\"event\":\"end\",\"event\":\"end\"}", "line 5", "`event`"},
        Mistake{"{\"event\":\"finish\"}", "line 5", "`event`"}, Mistake{"{\"a\":1}", "line 5", "`event`"},
        Mistake{"{\"event\":\"end\",\"extra\":1}", "line 5", "`extra`"},
        Mistake{"{\"event\":\"end\"}\n{\"event\":\"end\"}", "line 6", "`event`"},
        Mistake{"{\"event\":\"run\",\"format\":1,\"run\":\"r\"}", "line 5", "`event`"},
        Mistake{"{\"event\":\"producer\",\"producer\":\"p\"}", "line 5", "`producer`"},
        Mistake{"{\"event\":\"consumer\",\"consumer\":\"c\"}", "line 5", "`consumer`"},
        Mistake{"{\"event\":\"topic\",\"topic\":\"t\",\"partitions\":1}", "line 5", "`topic`"},
        Mistake{"{\"event\":\"topic\",\"topic\":\"u\",\"partitions\":0}", "line 5", "`partitions`"},
        Mistake{"{\"event\":\"topic\",\"topic\":\"u\",\"partitions\":1,\"cleanup_policy\":\"both\"}", "line 5",
                "`cleanup_policy`"},
        Mistake{"{\"event\":\"producer\",\"producer\":\"q\",\"acks\":1}", "line 5", "`acks`"},
        Mistake{"{\"event\":\"producer\",\"producer\":\"q\",\"host\":null}", "line 5", "`host`"},
        Mistake{"{\"event\":\"producer\",\"producer\":\"q\",\"max_in_flight\":true}", "line 5", "`max_in_flight`"},
        Mistake{"{\"event\":\"send\",\"producer\":\"q\",\"topic\":\"t\",\"partition\":0,\"sequence\":0}", "line 5",
                "`producer`"},
        Mistake{"{\"event\":\"send\",\"producer\":\"p\",\"topic\":\"t\",\"partition\":2,\"sequence\":0}", "line 5",
                "`partition`"},
        Mistake{"{\"event\":\"send\",\"producer\":\"p\",\"topic\":\"t\",\"partition\":0,\"sequence\":-1}", "line 5",
                "`sequence`"},
        Mistake{"{\"event\":\"send\",\"producer\":\"p\",\"topic\":\"t\",\"partition\":0,\"sequence\":0,\"count\":0}",
                "line 5", "`count`"},
        Mistake{"{\"event\":\"send\",\"producer\":\"p\",\"topic\":\"t\",\"partition\":0,\"sequence\":0,\"transaction\":"
                "\"1\"}",
                "line 5", "`transaction`"},
        Mistake{
            "{\"event\":\"send\",\"producer\":\"p\",\"topic\":\"t\",\"partition\":0,\"sequence\":9223372036854775807}",
            "line 5", "`sequence`"},
        Mistake{"{\"event\":\"ack\",\"producer\":\"p\",\"topic\":\"t\",\"partition\":0,\"sequence\":0}", "line 5",
                "`offset`"},
        Mistake{"{\"event\":\"ack\",\"producer\":\"p\",\"topic\":\"t\",\"partition\":0,\"sequence\":0,\"offset\":"
                "9223372036854775807}",
                "line 5", "`offset`"},
        Mistake{"{\"event\":\"ack\",\"producer\":\"p\",\"topic\":\"t\",\"partition\":0,\"sequence\":1.0,\"offset\":0}",
                "line 5", "`sequence`"},
        Mistake{"{\"event\":\"deliver\",\"consumer\":\"c\",\"topic\":\"t\",\"partition\":0,\"offset\":0,\"producer\":"
                "null,\"sequence\":1}",
                "line 5", "`sequence`"},
        Mistake{"{\"event\":\"deliver\",\"consumer\":\"c\",\"topic\":\"t\",\"partition\":0,\"offset\":0,\"producer\":"
                "null,\"within\":{\"producer\":\"x\"}}",
                "line 5", "`within.transaction`"},
        Mistake{"{\"event\":\"deliver\",\"consumer\":\"c\",\"topic\":\"t\",\"partition\":0,\"offset\":0,\"producer\":"
                "null,\"within\":{\"producer\":\"x\",\"transaction\":1,\"y\":1}}",
                "line 5", "`within.y`"},
        Mistake{"{\"event\":\"deliver\",\"consumer\":\"c\",\"topic\":\"t\",\"partition\":0,\"offset\":0,\"producer\":"
                "\"x\",\"sequence\":0,\"target\":{\"topic\":\"t\",\"partition\":7}}",
                "line 5", "`target.partition`"},
        Mistake{"{\"event\":\"input\",\"producer\":\"p\",\"topic\":\"t\",\"partition\":0,\"sequence\":0,\"of\":{"
                "\"topic\":\"t\",\"partition\":0}}",
                "line 5", "`of.offset`"},
        Mistake{"{\"event\":\"audit\",\"consumer\":\"c\",\"topic\":\"t\",\"partition\":0,\"start\":3,\"end\":2}",
                "line 5", "`end`"},
        Mistake{"{\"event\":\"clock\",\"host\":\"h\",\"offset_ns\":-5,\"error_ns\":-1}", "line 5", "`error_ns`"},
        Mistake{"{\"event\":\"sample\",\"topic\":\"t\",\"partition\":0,\"isr\":[1,true]}", "line 5", "`isr`"},
        Mistake{"{\"event\":\"fault\",\"fault\":\"f\",\"kind\":\"kill\",\"target\":\"b\",\"state\":\"over\"}", "line 5",
                "`state`"}));

TEST(HistoryReader, audits_that_do_not_join_are_refused_at_the_last_of_them) {
  const std::string audits = R"({"event":"audit","consumer":"c","topic":"t","partition":0,"start":0,"end":2}
{"event":"audit","consumer":"c","topic":"t","partition":0,"start":3,"end":4}
)";
  EXPECT_THAT(refusal(begun(audits)), HasSubstr("line 6"));
  EXPECT_EQ(refusal(begun(audits + R"({"event":"audit","consumer":"c","topic":"t","partition":0,"start":2,"end":3})")),
            "");
}

TEST(HistoryReader, a_partition_outside_a_topic_declared_later_names_the_line_that_uses_it) {
  const std::string lines = R"({"event":"seek","consumer":"c","topic":"late","partition":4,"offset":0}
{"event":"topic","topic":"late","partitions":4})";
  EXPECT_THAT(refusal(begun(lines)), AllOf(HasSubstr("line 5"), HasSubstr("`partition`")));
}

TEST(HistoryReader, refuses_an_empty_file_a_byte_order_mark_and_broken_utf8) {
  EXPECT_THAT(refusal(""), HasSubstr("line 1"));
  EXPECT_THAT(refusal("\xEF\xBB\xBF{\"event\":\"run\",\"format\":1,\"run\":\"r\"}"), HasSubstr("line 1"));
  EXPECT_THAT(refusal("{\"event\":\"run\",\"format\":1,\"run\":\"\xFF\"}"), HasSubstr("line 1"));
  EXPECT_THAT(refusal("{\"event\":\"topic\",\"topic\":\"t\",\"partitions\":1}"), HasSubstr("`event`"));
}

TEST(HistoryReader, reads_every_field_of_a_delivery) {
  Names names;
  std::vector<Deliver> read;
  std::istringstream in(begun(
      R"({"event":"deliver","consumer":"c","topic":"t","partition":1,"offset":7,"producer":"x","sequence":3,"count":2,"at":9,)"
      R"("target":{"topic":"t","partition":0},"intact":false,"leader_epoch":4,"within":{"producer":"y","transaction":5}})"));
  const auto result = read_history(in, names, [&](const Event& event, std::int64_t line) {
    if (!std::holds_alternative<Deliver>(event)) return;
    EXPECT_EQ(line, 5);
    read.push_back(std::get<Deliver>(event));
  });
  ASSERT_TRUE(result.has_value());
  ASSERT_EQ(read.size(), 1U);
  const Deliver& d = read.front();
  EXPECT_EQ(d.where, (Partition{names.find("t"), 1}));
  EXPECT_EQ(d.target, (Partition{names.find("t"), 0}));
  EXPECT_EQ(d.offset, 7);
  EXPECT_EQ(d.sequence, 3);
  EXPECT_EQ(d.count, 2);
  EXPECT_EQ(d.at, 9);
  EXPECT_FALSE(d.intact);
  EXPECT_EQ(d.leader_epoch, 4);
  EXPECT_EQ(d.within_producer, names.find("y"));
  EXPECT_EQ(d.within_transaction, 5);
}

}  // namespace
}  // namespace workloads::evidence
