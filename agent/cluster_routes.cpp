#include <atomic>
#include <memory>

#include <nlohmann/json.hpp>

#include "agent/api.h"
#include "common/base/json_fields.h"
#include "common/base/json_text.h"
#include "workloads/ask_cluster.h"

namespace agent {

namespace base = common::base;
namespace http = common::http;
using http::Request;
using http::Response;

namespace {

// Less than a coordinator waits for the answer, so that it hears why there is none.
constexpr base::Nanos kPatience = 8 * base::kSecond;
constexpr int kMostAtOnce = 2;  // of the threads that answer requests; leases are renewed on the others

Response ask(const Request& request) {
  const auto body = base::parse_json(request.body);
  if (body.has_error()) return http::error_response(base::context(body.error(), "the body"));
  const auto access = common::protocol::cluster_question_from(*body);
  if (access.has_error()) return http::error_response(access.error());
  const auto told = workloads::ask_cluster(*access, kPatience);
  return told.has_error() ? http::error_response(told.error())
                          : http::json_response(common::base::json_text(to_json(*told)) + "\n");
}

}  // namespace

std::vector<http::Route> cluster_routes() {
  const auto asking = std::make_shared<std::atomic<int>>(0);
  const auto one_of_few = [asking](const Request& request) {
    Response response;
    if (asking->fetch_add(1) < kMostAtOnce)
      response = ask(request);
    else
      response = http::error_response(
          base::fail(base::ErrorKind::limit, "two clusters are being asked just now; ask again in a while"));
    asking->fetch_sub(1);
    return response;
  };
  return {{"POST", "/v1/cluster", one_of_few, "ask a cluster which it is and which brokers run; starts nothing"}};
}

}  // namespace agent
