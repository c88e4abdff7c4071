// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/schema/parameter_schema.h"

namespace descent {

// Parts of trainingSchema(), by subject.
Schema scheduleParameters(); ///< schedule, and what each schedule needs
Schema mixingParameters();   ///< of the pictures of a batch with each other
Schema averagingParameters(); ///< of weights over steps

}
