# Target librdkafka, 2.13.2 or later: the system's if it is new enough, else the pinned build that
# scripts/bootstrap leaves in the cache (FIREDRILL_LIBRDKAFKA names its prefix). Linked statically where
# an archive exists, so that copying one file to a host makes that host an agent.
set(FIREDRILL_LIBRDKAFKA "$ENV{FIREDRILL_LIBRDKAFKA}" CACHE PATH "prefix of a librdkafka >= 2.13.2")
find_package(PkgConfig REQUIRED)
if(NOT FIREDRILL_LIBRDKAFKA)
  execute_process(COMMAND ${CMAKE_SOURCE_DIR}/scripts/bootstrap --print-librdkafka
                  OUTPUT_VARIABLE bootstrap_prefix OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(bootstrap_prefix AND EXISTS ${bootstrap_prefix}/lib/librdkafka.a)
    set(FIREDRILL_LIBRDKAFKA ${bootstrap_prefix} CACHE PATH "prefix of a librdkafka >= 2.13.2" FORCE)
  endif()
endif()
if(FIREDRILL_LIBRDKAFKA)
  set(ENV{PKG_CONFIG_PATH} "${FIREDRILL_LIBRDKAFKA}/lib/pkgconfig")
endif()
pkg_check_modules(RDKAFKA REQUIRED rdkafka>=2.13.2)
add_library(librdkafka INTERFACE)
target_include_directories(librdkafka SYSTEM INTERFACE ${RDKAFKA_INCLUDE_DIRS})
if(FIREDRILL_LIBRDKAFKA AND EXISTS ${FIREDRILL_LIBRDKAFKA}/lib/librdkafka.a)
  target_link_libraries(librdkafka INTERFACE ${FIREDRILL_LIBRDKAFKA}/lib/librdkafka.a ssl crypto z zstd lz4 m dl pthread rt)
else()
  target_link_libraries(librdkafka INTERFACE ${RDKAFKA_LINK_LIBRARIES})
endif()
