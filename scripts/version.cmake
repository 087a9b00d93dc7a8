# Writes OUT (a C++ file) with version, commit, build and model version; touches it only when they changed.
execute_process(COMMAND git --no-optional-locks -C ${SOURCE} describe --always --dirty --exclude=*
                OUTPUT_VARIABLE commit ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed)
if(failed OR commit STREQUAL "")
  set(commit unknown)
endif()
# The model version: SHA-256 over the names and contents of what a result depends on.
file(GLOB_RECURSE sources RELATIVE ${SOURCE} ${SOURCE}/include/*.h ${SOURCE}/models/*.h ${SOURCE}/models/*.cc
     ${SOURCE}/scenarios/profiles/*.json)
foreach(folder check result scenario system text)
  file(GLOB_RECURSE more RELATIVE ${SOURCE} ${SOURCE}/sim/${folder}/*.h ${SOURCE}/sim/${folder}/*.cc)
  list(APPEND sources ${more})
endforeach()
list(SORT sources)
set(hashes "")
foreach(source IN LISTS sources)
  file(SHA256 ${SOURCE}/${source} hash)
  string(APPEND hashes "${hash} ${source}\n")
endforeach()
string(SHA256 model "${hashes}")
string(SUBSTRING "${model}" 0 16 model)
set(text "#include \"sim/cli/version.h\"

namespace ddpsim {

const char kVersion[] = \"${VERSION}\";
const char kCommit[] = \"${commit}\";
const char kBuild[] = \"${BUILD}\";
const char kModelVersion[] = \"${model}\";

}  // namespace ddpsim
")
if(EXISTS ${OUT})
  file(READ ${OUT} old)
endif()
if(NOT "${old}" STREQUAL "${text}")
  file(WRITE ${OUT} "${text}")
endif()
