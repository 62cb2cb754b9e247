#include "cli/call.h"

#include <nlohmann/json.hpp>

#include "common/base/json_fields.h"

namespace cli {

using common::base::ErrorKind;
using common::base::fail;
using common::base::Result;
using nlohmann::json;

Result<json> call(common::http::Client& client, const std::string& who, const std::string& method,
                  const std::string& path, const std::string& body, std::chrono::milliseconds timeout) {
  const auto response = client.call(method, path, body, timeout);
  if (response.has_error()) return common::base::context(response.error(), who + " at " + client.base_url());
  const auto value = common::base::parse_json(response->body);
  if (response->status < 400) return value;
  std::string what = "HTTP status " + std::to_string(response->status);
  if (value.has_value() && value->contains("error")) what = value->at("error").value("what", what);
  // What the caller can mend is exit 2 (a scenario, an id in use), everything else is not the caller's.
  const int status = response->status;
  const bool ours = status == 400 || status == 403 || status == 404 || status == 409;
  return fail(ours ? ErrorKind::configuration : ErrorKind::infrastructure, what);
}

}  // namespace cli
