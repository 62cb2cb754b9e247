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
  return Router({{"GET", "/v1/tasks/{id}?x", answering("one"), ""},
                 {"GET", "/v1/tasks/{id}/evidence?offset&limit", answering("page"), ""},
                 {"GET", "/v1/openapi.json", answering("document"), ""},
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

TEST(Router, an_unknown_path_hints_at_the_nearest_one) {
  const auto told = [](const std::string& target) { return router().dispatch("GET", target, {}).body; };
  EXPECT_NE(told("/v1/taks/a7").find("did you mean /v1/tasks/a7?"), std::string::npos) << told("/v1/taks/a7");
  EXPECT_NE(told("/v1/tasks/a7/evidnce").find("did you mean /v1/tasks/a7/evidence?"), std::string::npos);
  EXPECT_NE(told("/v1/tasks/").find("did you mean /v1/tasks?"), std::string::npos);
  EXPECT_EQ(told("/metrics/of/all/kinds").find("did you mean"), std::string::npos);
  EXPECT_NE(told("/metrics/of/all/kinds").find("GET /v1/openapi.json"), std::string::npos);
}

TEST(Router, an_unknown_query_parameter_is_400_and_the_known_ones_are_named) {
  const auto wrong = router().dispatch("GET", "/v1/tasks/a/evidence?ofset=7&limit=1&x", {});
  EXPECT_EQ(wrong.status, 400);
  for (const char* part : {"`ofset` is unknown (did you mean `offset`?)", "`x` is unknown", "knows `limit`, `offset`"})
    EXPECT_NE(wrong.body.find(part), std::string::npos) << wrong.body;
  const auto none = router().dispatch("POST", "/v1/tasks?dry=true", {});
  EXPECT_EQ(none.status, 400);
  EXPECT_NE(none.body.find("`dry` is unknown; POST /v1/tasks knows none"), std::string::npos) << none.body;
  EXPECT_EQ(router().dispatch("GET", "/v1/tasks/a/evidence?offset=7", {}).status, 200);
}

TEST(Router, a_query_parameter_that_is_given_twice_is_400) {
  const auto twice = router().dispatch("GET", "/v1/tasks/a/evidence?offset=1&offset=2", {});
  EXPECT_EQ(twice.status, 400);
  EXPECT_NE(twice.body.find("`offset` is given twice"), std::string::npos) << twice.body;
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

TEST(Router, what_a_web_page_sent_is_403_unless_it_only_reads) {
  Request page;
  page.headers["origin"] = "http://evil.example";
  EXPECT_EQ(router().dispatch("POST", "/v1/tasks", page).status, 403);
  EXPECT_EQ(router().dispatch("DELETE", "/v1/tasks/a", page).status, 403);
  EXPECT_EQ(router().dispatch("GET", "/v1/tasks/newest", page).body, "newest");
  EXPECT_EQ(router().dispatch("POST", "/v1/tasks", {}).body, "made");
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
