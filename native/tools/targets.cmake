# Tools of llama.cpp that upstream builds only without loadable backends.
find_package(Threads REQUIRED)

if (GGML_BACKEND_DL AND NOT TARGET llama-export-lora)
    add_executable(llama-export-lora
        "${CMAKE_SOURCE_DIR}/tools/export-lora/export-lora.cpp" "${LAB_TOOLS_DIR}/cpu_backend.cpp")
    target_link_libraries(llama-export-lora PRIVATE llama-common llama Threads::Threads)
    target_compile_features(llama-export-lora PRIVATE cxx_std_17)
endif()
