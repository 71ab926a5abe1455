# CMake reads this file at the project() of llama.cpp (CMAKE_PROJECT_llama.cpp_INCLUDE); the targets are added
# when upstream's own exist.
set(LAB_TOOLS_DIR "${CMAKE_CURRENT_LIST_DIR}")
cmake_language(DEFER DIRECTORY "${CMAKE_SOURCE_DIR}" CALL include "${LAB_TOOLS_DIR}/targets.cmake")
