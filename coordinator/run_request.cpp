#include "coordinator/run_request.h"

#include <charconv>

#include <nlohmann/json.hpp>

#include "common/base/json_fields.h"
#include "common/protocol/bootstrap.h"
#include "common/protocol/task.h"

namespace coordinator {

using common::base::ErrorKind;
using common::base::fail;
using common::base::Fields;
using common::base::Problems;
using common::base::Result;
using nlohmann::json;

namespace {
constexpr std::size_t kLongestId = 100;
}

Result<std::uint64_t> parse_seed(std::string_view text) {
  std::uint64_t seed = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (!text.empty() && error == std::errc() && rest == text.data() + text.size()) return seed;
  return fail(ErrorKind::configuration, "must be a whole number from 0 to 2^64 - 1, not `" + std::string(text) + "`");
}

json to_json(const RunRequest& request) {
  json value{{"id", request.id},
             {"scenario", request.scenario},
             {"file", request.file},
             {"parameters", request.parameters},
             {"bootstrap", request.bootstrap},
             {"client", request.client}};
  if (request.seed.has_value()) value["seed"] = std::to_string(*request.seed);  // 64 bits, more than a JSON number
  return value;
}

Result<RunRequest> run_request_from(const json& value) {
  Problems problems;
  Fields fields(value, "", problems);
  RunRequest request;
  fields.required("id", request.id);
  if (!request.id.empty() && (!common::protocol::valid_id(request.id) || request.id.size() > kLongestId))
    fields.problem("id", "must be 1 to 100 of A-Z a-z 0-9 . _ - and not begin with a dot");
  fields.required("scenario", request.scenario);
  fields.optional("file", request.file);
  fields.optional("parameters", request.parameters);
  const std::size_t before = problems.size();
  fields.required("bootstrap", request.bootstrap);
  if (problems.size() == before)
    if (auto mistake = common::protocol::bootstrap_mistake(request.bootstrap); !mistake.empty())
      fields.problem("bootstrap", std::move(mistake));
  fields.optional("client", request.client);
  if (const json* seed = fields.any("seed", false); seed != nullptr) {
    const auto number = parse_seed(seed->is_string() ? seed->get<std::string>() : seed->dump());
    if (number.has_error())
      fields.problem("seed", number.error().what);
    else
      request.seed = *number;
  }
  fields.finish();
  if (!problems.empty()) return to_error(problems);
  return request;
}

bool same_run(const RunRequest& asked, const RunRequest& stored) {
  RunRequest with_seed = asked;
  if (!with_seed.seed.has_value()) with_seed.seed = stored.seed;
  with_seed.file = stored.file;  // where the text came from does not matter
  return to_json(with_seed) == to_json(stored);
}

}  // namespace coordinator
