// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/backend/group_place.h"

#include <ATen/core/Tensor.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace c10d {
class ProcessGroup;
}

namespace descent {

/// A process of the group has gone, or no longer says anything.
class ProcessLost : public DescentError {
public:
    ProcessLost(int rank, Text message, std::string reason = {}) : DescentError{std::move(message)}, m_rank{rank}, m_reason{std::move(reason)} {}
    int rank() const { return m_rank; }                  ///< -1: not known which
    const std::string& reason() const { return m_reason; } ///< of its own, in English; empty: it said none

private:
    int m_rank;
    std::string m_reason;
};

struct GroupOptions {
    std::chrono::milliseconds joinWithin = std::chrono::minutes{10}; ///< others may still be reading their data
    /// A process that gives no sign of life for so long is lost. One that is killed is noticed at once.
    std::chrono::milliseconds patience = std::chrono::seconds{20};
    /// What all must be of one mind about: a digest of recipe, data and network. Else joining fails in each of them.
    std::string agreement;
    /// Ranks of which it is known that they have ended, from whoever started them. May be empty.
    std::function<std::vector<int>()> ended;
    /// Asked while waiting for the others; yes makes joining throw Cancelled. May be empty.
    std::function<bool()> interrupted;
};

/// The processes that train one network, as one of them sees them: a store at rank 0 (c10d's TCPStore) by which they meet,
/// and connections among all (Gloo) by which they add up tensors. Each gives a sign of life every half second.
/// For one thread; all that stands here must be called by all processes, in the same order.
class ProcessGroup {
public:
    /// Waits for the others. Throws DescentError: rank 0 cannot be reached, its port is taken, processes do not come, or are
    /// not of one mind; ProcessLost: one has ended already.
    ProcessGroup(const GroupPlace& place, GroupOptions options = {});
    ~ProcessGroup();
    ProcessGroup(const ProcessGroup&) = delete;

    const GroupPlace& place() const { return m_place; }
    bool leads() const { return m_place.rank == 0; }

    // Small ones, which wait however long another process takes, but no longer than it lives. Throw ProcessLost.
    void sum(at::Tensor& values);       ///< in place, over all processes
    void takeFromLeader(at::Tensor& values); ///< in place, those of rank 0
    std::string textOfLeader(const std::string& text);

    /// For gradients: connections of their own, so that the small ones do not wait behind large ones.
    const c10::intrusive_ptr<c10d::ProcessGroup>& gradients() const;

    /// Tells the others why this process goes, so that they need not find out; empty: all is well.
    void leave(const std::string& reason) noexcept;
    /// Whether this process goes because another did.
    void follow() noexcept;

    /// Rank 0, after something failed: who is gone, as far as it shows within a few seconds. None: all are well.
    std::optional<ProcessLost> findLost();

private:
    struct Connections;
    class Pulse;
    void join(const GroupOptions& options);

    const GroupPlace m_place;
    const GroupOptions m_options;
    std::unique_ptr<Connections> m_connections;
    std::unique_ptr<Pulse> m_pulse;
    bool m_left = false;
};

}
