// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/backend/backend.h"

namespace descent {

/// The Backend on libtorch. One a process; made at the module's entry point.
class TorchBackend : public Backend {
public:
    TorchBackend();
    BackendInfo info() const override;
    Result<DeviceInfo> resolveDevice(const std::string& device) const override;
    Result<TakeOver> examineStart(const std::filesystem::path& file, const StartOptions& options, const NetworkSpec& network,
                                  const Meanings& meanings) const override;
    void train(const TrainingRequest& request, RunControl& control, RunObserver& observer) override;
    Result<RateCurve> findRate(const TrainingRequest& request, const RateFinderOptions& options, const RateFinderControl& control) override;
    Result<std::unique_ptr<Model>> open(const TrainingRequest& request) override;

private:
    BackendInfo m_info;
};

}
