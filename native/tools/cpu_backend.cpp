// The two functions of ggml's CPU backend that llama-export-lora calls by name. With loadable backends nothing
// can be linked against that backend, which is why upstream leaves the tool out of such builds; here both go
// through ggml's registry of backends, as every other tool does.

#include "ggml-backend.h"
#include "ggml-cpu.h"

#include <cstdio>
#include <cstdlib>

ggml_backend_t ggml_backend_cpu_init(void) {
    ggml_backend_load_all();
    ggml_backend_t backend = ggml_backend_init_by_type(GGML_BACKEND_DEVICE_TYPE_CPU, nullptr);
    if (backend == nullptr) {
        fprintf(stderr, "no CPU backend could be loaded\n");
        exit(EXIT_FAILURE);
    }
    return backend;
}

void ggml_backend_cpu_set_n_threads(ggml_backend_t backend, int n_threads) {
    ggml_backend_reg_t registry = ggml_backend_dev_backend_reg(ggml_backend_get_device(backend));
    void * found = ggml_backend_reg_get_proc_address(registry, "ggml_backend_set_n_threads");
    if (found != nullptr) {
        reinterpret_cast<ggml_backend_set_n_threads_t>(found)(backend, n_threads);
    }
}
