// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/backend/backend.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace torch::nn {
class Module;
}

namespace descent {

/// Puts into `network`, built from `spec` and on the CPU, what of a safetensors file it is to begin with. Names are compared
/// as they are (torchvision's ResNets have ours); F16, BF16 and F64 become float32; `num_batches_tracked` may be missing.
/// The head's tensors may be missing, of another size, for other classes, or not wanted: they stay as drawn, and the file's
/// are left. So do embeddings of tokens, and a head that gives tokens, where the file's stand for other words.
/// Problems, one a tensor behind a first that counts them: missing, of another size or type, holding values that are no
/// numbers, unknown. With options.takeWhatFits the missing and the unknown and other sizes are none, but something of the
/// trunk must fit. Then the network is as it was.
Result<TakeOver> takeOver(const std::filesystem::path& file, const StartOptions& options, const NetworkSpec& spec,
                          const Meanings& meanings, torch::nn::Module& network);

/// What a checkpoint's metadata say of `meanings`, under keys of their own; of a file without them nothing is known.
std::map<std::string, std::string> writtenMeanings(const Meanings& meanings);

}
