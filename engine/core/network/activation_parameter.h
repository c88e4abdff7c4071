// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/network/network_spec.h"
#include "engine/core/schema/parameter_schema.h"

namespace descent {

/// The choice of an activation function, shared by the architectures that offer one.
ParameterSchema activationParameter(std::string defaultId);
layer::Activation::Function activationOf(const Schema& schema, const Parameters& parameters);

}
