// One client of the server: reads a request, has it answered on the pool, writes the answer, and so on until either
// side has enough. Lives on the I/O thread alone; only the handler runs elsewhere. Private to this room.
#pragma once

#include <functional>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include "common/http/router.h"

namespace common::http {

class Connection {
 public:
  Connection(boost::asio::ip::tcp::socket socket, const ServerOptions& options, const Router& router,
             boost::asio::thread_pool& handlers);

  boost::asio::awaitable<void> serve();
  // No further request; an answer on its way is still written, with "Connection: close".
  void finish();
  void abort();

 private:
  boost::asio::awaitable<bool> exchange();  // one request and its answer; true: another may follow
  boost::asio::awaitable<bool> write(Response response, bool head, bool keep_alive);
  boost::asio::awaitable<void> refuse(boost::system::error_code error);

  boost::beast::tcp_stream stream_;
  boost::beast::flat_buffer buffer_;
  const ServerOptions& options_;
  const Router& router_;
  boost::asio::thread_pool& handlers_;
  bool busy_ = false;  // a request was read whole and its answer not yet written
  bool finishing_ = false;
};

}  // namespace common::http
