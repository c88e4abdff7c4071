// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/network/custom/layer_list.h"

#include <cstddef>
#include <set>
#include <string>
#include <string_view>

namespace descent {

// What a person does to a list of layers. Each gives the new list and leaves the old one alone, so that undo is keeping it.

/// "conv3": the stem of its kind and the first number that is free.
std::string freeLayerName(const LayerList& layers, std::string_view kind);

/// A new layer of this kind with its defaults. Where it reads two inputs, the second is the layer before the last that
/// stands before `at`, so that it is whole from the start.
LayerEntry newLayer(const LayerList& layers, std::string_view kind, std::size_t at);

/// `added` put in before `at`. Names that are taken get a number; those among `added` that read each other still do, and
/// what they read outside stays where it is there, and is else the layer before.
LayerList withInserted(const LayerList& layers, std::size_t at, LayerList added);

/// Without the layers at these places; who read one of them reads what it read.
LayerList withRemoved(const LayerList& layers, const std::set<std::size_t>& places);

/// The layers at these places brought together before the layer that stands at `to`; `first` is where they then begin.
struct MovedLayers {
    LayerList layers;
    std::size_t first = 0;
};
MovedLayers withMoved(const LayerList& layers, const std::set<std::size_t>& places, std::size_t to);

/// The layer at `at` renamed, and with it everything that reads it.
LayerList withRenamed(const LayerList& layers, std::size_t at, const std::string& name);

/// The layer at `reader` reads `source` ("input" or a layer) as well; where it can read no more, instead of its last input.
LayerList withConnection(const LayerList& layers, std::size_t reader, const std::string& source);

}
