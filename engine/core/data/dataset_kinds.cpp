// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/dataset.h"

#include <algorithm>

namespace descent {

DatasetKind moonsKind();
DatasetKind circlesKind();
DatasetKind spiralsKind();
DatasetKind blobsKind();
DatasetKind xorKind();
DatasetKind drawnDigitsKind();
DatasetKind drawnFacesKind();
DatasetKind drawnCaptionsKind();
DatasetKind syntheticTableKind();
DatasetKind idxKind();
DatasetKind cifarBinaryKind();
DatasetKind imageFolderKind();
DatasetKind csvKind();
DatasetKind seriesKind();
DatasetKind wavesKind();
DatasetKind eventRecordsKind();
DatasetKind syntheticRecordsKind();
DatasetKind textTableKind();
DatasetKind textFolderKind();
DatasetKind corpusKind();
DatasetKind sentencePairsKind();
DatasetKind datePairsKind();
DatasetKind pictureTableKind();
DatasetKind drawnStreetKind();
DatasetKind vocKind();
DatasetKind cocoKind();

const std::vector<DatasetKind>& datasetKinds()
{
    static const std::vector<DatasetKind> kinds{
        spiralsKind(), moonsKind(), circlesKind(), blobsKind(), xorKind(), drawnDigitsKind(), syntheticTableKind(),
        imageFolderKind(), csvKind(), idxKind(), cifarBinaryKind(), wavesKind(), seriesKind(),
        syntheticRecordsKind(), eventRecordsKind(), textTableKind(), textFolderKind(), corpusKind(), datePairsKind(),
        sentencePairsKind(), drawnFacesKind(), drawnCaptionsKind(), pictureTableKind(), drawnStreetKind(), vocKind(),
        cocoKind(),
    };
    return kinds;
}

const DatasetKind* findDatasetKind(std::string_view id)
{
    const auto& kinds = datasetKinds();
    const auto found = std::find_if(kinds.begin(), kinds.end(), [&](const DatasetKind& kind) { return kind.id == id; });
    return found == kinds.end() ? nullptr : &*found;
}

std::int64_t Samples::count() const
{
    return std::visit(
        [](const auto& array) -> std::int64_t {
            if constexpr (requires { array.count(); })
                return array.count();
            else
                return array.count;
        },
        inputs);
}

}
