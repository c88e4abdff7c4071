// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/network/architecture.h"

#include <string>

namespace descent {

inline constexpr char customArchitecture[] = "custom";
inline constexpr char layersParameter[] = "layers"; ///< its list, which the schema takes for a text: layersFromJson() reads it
bool isLayerList(const ParameterSchema& parameter);

/// The architecture whose layers are written down in the recipe, as a list (layer_list.h). It fits whatever its layers fit.
Architecture custom();

/// Its parameter "initialization".
std::string initializationId(Initialization initialization);

/// The parameters of `custom` that make the network which `architecture` makes of `parameters` for `brief`, layer by layer:
/// equal to it in every value. Sizes that follow the task are found by asking for one output and one step more, so the list
/// fits other data where the architecture would.
Result<Parameters> openAsCustom(const Architecture& architecture, const Parameters& parameters, const NetworkBrief& brief);

}
