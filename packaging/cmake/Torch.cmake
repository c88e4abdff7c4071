# SPDX-License-Identifier: GPL-3.0-or-later
# Descent::libtorch from the PyTorch wheel. find_package(Torch) is not used: for a CUDA wheel it demands a CUDA toolkit,
# and one binary of ours serves both wheels (the CUDA library is dlopened, see engine/torch/device).

set(DESCENT_PYTHON "${CMAKE_SOURCE_DIR}/.venv/bin/python" CACHE FILEPATH "Python whose torch wheel provides libtorch")
if(NOT DESCENT_TORCH_DIR)
    # find_spec does not import torch, which would take seconds.
    execute_process(
        COMMAND "${DESCENT_PYTHON}" -c
            "import importlib.util as u; print(u.find_spec('torch').submodule_search_locations[0])"
        OUTPUT_VARIABLE torch_dir OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    set(DESCENT_TORCH_DIR "${torch_dir}" CACHE PATH "Folder of the torch package: holds include and lib" FORCE)
endif()
if(NOT EXISTS "${DESCENT_TORCH_DIR}/lib/libtorch_cpu.so")
    message(FATAL_ERROR "No libtorch in '${DESCENT_TORCH_DIR}'. Run packaging/run once: it makes .venv with torch, "
        "or set DESCENT_PYTHON to a Python that has torch 2.11 to 2.14.")
endif()

add_library(Descent::libtorch INTERFACE IMPORTED)
target_include_directories(Descent::libtorch SYSTEM INTERFACE
    "${DESCENT_TORCH_DIR}/include" "${DESCENT_TORCH_DIR}/include/torch/csrc/api/include")
target_link_libraries(Descent::libtorch INTERFACE
    "${DESCENT_TORCH_DIR}/lib/libtorch_cpu.so" "${DESCENT_TORCH_DIR}/lib/libc10.so")
# ATen's parallel_for is a template that needs OpenMP where it is used, and the team of threads is that of torch's own libgomp.
file(GLOB torch_gomp "${DESCENT_TORCH_DIR}/lib/libgomp*" "${DESCENT_TORCH_DIR}/../torch.libs/libgomp*")
target_link_libraries(Descent::libtorch INTERFACE ${torch_gomp})
target_compile_options(Descent::libtorch INTERFACE -fopenmp)
target_link_options(Descent::libtorch INTERFACE "-Wl,-rpath,${DESCENT_TORCH_DIR}/lib")
