# Writes OUT (a C++ file) with version, commit and build; touches it only when they changed.
execute_process(COMMAND git --no-optional-locks -C ${SOURCE} describe --always --dirty --exclude=*
                OUTPUT_VARIABLE commit ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed)
if(failed OR commit STREQUAL "")
  set(commit unknown)
endif()
set(text "#include \"sim/cli/version.h\"

namespace ddpsim {

const char kVersion[] = \"${VERSION}\";
const char kCommit[] = \"${commit}\";
const char kBuild[] = \"${BUILD}\";

}  // namespace ddpsim
")
if(EXISTS ${OUT})
  file(READ ${OUT} old)
endif()
if(NOT "${old}" STREQUAL "${text}")
  file(WRITE ${OUT} "${text}")
endif()
