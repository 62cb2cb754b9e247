#include "common/http/router.h"

#include <stdexcept>

#include <gtest/gtest.h>

namespace common::http {
namespace {

Handler answering(std::string text) {
  return [text](const Request& request) {
    Response response;
    response.body = text;
    for (const auto& [name, value] : request.params) response.body += " " + name + "=" + value;
    return response;
  };
}

Router router() {
  return Router({{"GET", "/v1/tasks/{id}", answering("one"), ""},
                 {"DELETE", "/v1/tasks/{id}", answering("gone"), ""},
                 {"GET", "/v1/tasks/newest", answering("newest"), ""},
                 {"POST", "/v1/tasks", answering("made"), ""},
                 {"GET", "/throws", [](const Request&) -> Response { throw std::runtime_error("secret"); }, ""}});
}

TEST(Router, names_of_the_pattern_become_params) {
  EXPECT_EQ(router().dispatch("GET", "/v1/tasks/a%20b?x=1", {}).body, "one id=a b");
}

TEST(Router, a_literal_beats_a_name) {
  EXPECT_EQ(router().dispatch("GET", "/v1/tasks/newest", {}).body, "newest");
}

TEST(Router, an_unknown_path_is_404_and_says_which) {
  const auto response = router().dispatch("GET", "/v1/taks", {});
  EXPECT_EQ(response.status, 404);
  EXPECT_NE(response.body.find("/v1/taks"), std::string::npos);
}

TEST(Router, an_empty_name_is_no_match) {
  EXPECT_EQ(router().dispatch("GET", "/v1/tasks/", {}).status, 404);
}

TEST(Router, a_known_path_with_another_method_is_405_with_allow) {
  const auto response = router().dispatch("PUT", "/v1/tasks/a", {});
  EXPECT_EQ(response.status, 405);
  ASSERT_EQ(response.headers.size(), 1U);
  EXPECT_EQ(response.headers[0].first, "Allow");
  EXPECT_EQ(response.headers[0].second, "DELETE, GET, HEAD");
}

TEST(Router, head_is_answered_by_get) {
  EXPECT_EQ(router().dispatch("HEAD", "/v1/tasks/a", {}).body, "one id=a");
  EXPECT_EQ(router().dispatch("HEAD", "/v1/tasks", {}).status, 405);
}

TEST(Router, a_handler_that_throws_is_500_without_its_text) {
  const auto response = router().dispatch("GET", "/throws", {});
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(response.body.find("secret"), std::string::npos);
}

TEST(Router, a_broken_target_is_400) {
  EXPECT_EQ(router().dispatch("GET", "/%zz", {}).status, 400);
  EXPECT_EQ(router().dispatch("OPTIONS", "*", {}).status, 400);
}

}  // namespace
}  // namespace common::http
