# firedrill_embed(LIBRARY NAMESPACE SYMBOL FILES...): compiles files into a library, as `const EmbeddedFile SYMBOL[]` that ends with
# an entry without a name (the struct is the reader's own: name, bytes, size). Changed files are compiled in anew.
function(firedrill_embed library namespace symbol)
  set(arrays "")
  set(rows "")
  set(number 0)
  foreach(file ${ARGN})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(READ ${file} hex HEX)
    string(LENGTH "${hex}" digits)
    math(EXPR size "${digits} / 2")
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
    cmake_path(GET file FILENAME name)
    cmake_path(GET file PARENT_PATH folder)
    cmake_path(GET folder FILENAME folder)
    string(APPEND arrays "const unsigned char kBytes${number}[] = {${bytes}0};\n")
    string(APPEND rows "    {\"${folder}/${name}\", kBytes${number}, ${size}},\n")
    math(EXPR number "${number} + 1")
  endforeach()
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/embedded/${symbol}.cpp CONTENT
"#include \"common/base/embedded.h\"
namespace {
@arrays@}
namespace @namespace@ {
extern const common::base::EmbeddedFile @symbol@[] = {
@rows@    {nullptr, nullptr, 0}};
}
" @ONLY)
  target_sources(${library} PRIVATE ${CMAKE_BINARY_DIR}/embedded/${symbol}.cpp)
endfunction()
