#include "common/http/target.h"

#include <gtest/gtest.h>

namespace common::http {
namespace {

TEST(Target, segments_are_decoded_one_by_one_so_that_an_encoded_slash_does_not_split) {
  const auto target = parse_target("/v1/tasks/a%2Fb%20c");
  ASSERT_TRUE(target.has_value());
  EXPECT_EQ(target->segments, (std::vector<std::string>{"v1", "tasks", "a/b c"}));
}

TEST(Target, query_is_decoded) {
  const auto target = parse_target("/e?offset=12&limit=&name=a+b%3D&flag");
  ASSERT_TRUE(target.has_value());
  EXPECT_EQ(target->query,
            (std::map<std::string, std::string>{{"offset", "12"}, {"limit", ""}, {"name", "a b="}, {"flag", ""}}));
}

TEST(Target, broken_escapes_are_refused) {
  for (const char* bad : {"/%", "/%2", "/%zz", "/a?b=%f", "", "a", "http://x/"}) {
    EXPECT_TRUE(parse_target(bad).has_error()) << bad;
  }
}

TEST(BaseUrl, forms_that_name_one_server) {
  EXPECT_EQ(parse_base_url("http://127.0.0.1:7501")->port, 7501);
  EXPECT_EQ(parse_base_url("http://host/")->host, "host");
  EXPECT_EQ(parse_base_url("http://[::1]:80")->host, "::1");
}

TEST(BaseUrl, a_wrong_one_is_told_with_its_text) {
  for (const char* bad : {"", "127.0.0.1:1", "https://a:1", "http://", "http://a:0", "http://a:65536", "http://a:1/x",
                          "http://a:1x", "http://[::1"}) {
    const auto parsed = parse_base_url(bad);
    ASSERT_TRUE(parsed.has_error()) << bad;
    EXPECT_EQ(parsed.error().kind, base::ErrorKind::configuration);
    EXPECT_NE(parsed.error().what.find(bad), std::string::npos);
  }
}

}  // namespace
}  // namespace common::http
