// The OpenAPI 3.1 document of a route table: made from the table that dispatches, so that it cannot tell anything else.
#pragma once

#include <string>
#include <vector>

#include "common/http/server.h"

namespace common::http {

std::string openapi_document(const std::string& title, const std::string& version, const std::vector<Route>& routes);

}  // namespace common::http
