// One line of a history, taken apart: the fields of a JSON object (objects within it one level deep, as
// "within.producer") with typed, strict access. The first mistake is kept and wins; after it every access gives a
// default. Used by HistoryReader only.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace workloads::evidence {

class HistoryLine {
 public:
  explicit HistoryLine(std::string_view text);

  bool has(std::string_view path);      // it is there and not null
  bool is_null(std::string_view path);  // it is there as null (which the caller allows by asking)
  std::string text(std::string_view path);
  std::string optional_text(std::string_view path, bool& told);
  std::int64_t number(std::string_view path, std::int64_t low = 0, std::int64_t high = INT64_MAX);
  std::int64_t optional_number(std::string_view path, std::int64_t otherwise, std::int64_t low = 0,
                               std::int64_t high = INT64_MAX);
  bool optional_flag(std::string_view path, bool otherwise);
  std::vector<std::int64_t> numbers(std::string_view path, std::int64_t high);
  // The index of the word.
  int word(std::string_view path, std::initializer_list<std::string_view> words);
  int optional_word(std::string_view path, int otherwise, std::initializer_list<std::string_view> words);
  bool optional_object(std::string_view path);

  void problem(std::string_view path, std::string_view message);
  void finish();                                           // what nobody asked for is unknown
  const std::string& mistake() const { return mistake_; }  // "" if there is none

 private:
  enum class Type { null, flag, integer, real, text, object, list };
  struct Field {
    std::string path;
    Type type = Type::null;
    bool used = false;
    bool flag = false;
    bool whole_list = true;  // a list of integers and nothing else
    std::int64_t integer = 0;
    std::string text;
    std::vector<std::int64_t> list;
  };
  struct Handler;
  Field* find(std::string_view path);
  Field* require(std::string_view path, std::string_view expected);
  void mistyped(const Field& field, std::string_view expected);

  std::vector<Field> fields_;
  std::string mistake_;
};

}  // namespace workloads::evidence
