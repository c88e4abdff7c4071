// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/distributed/process_group.h"

#define USE_C10D_GLOO // as the wheel was built
#include <ATen/ATen.h>
#include <algorithm>
#include <arpa/inet.h>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <netdb.h>
#include <sys/socket.h>
#include <thread>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroup.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#include <unistd.h>
#if defined(USE_C10D_NCCL) && __has_include(<nccl.h>)
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>
#define DESCENT_NCCL
#endif

namespace descent {

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using StorePointer = c10::intrusive_ptr<c10d::Store>;

constexpr auto lookEvery = 20ms, signOfLifeEvery = 500ms;
/// Between two gradients of one backward pass in different processes. A process that is stopped, not killed, is noticed by it.
constexpr auto gradientTimeout = 120s;
constexpr auto connectWithin = 60s; // once all are there
constexpr auto noTimeout = 24h * 365; // the small ones watch the signs of life instead
constexpr auto goodbye = 5s;

const std::string done = "done", followed = "followed";
std::string leftKey(int rank) { return "left/" + std::to_string(rank); }
std::string beatKey(int rank) { return "beat/" + std::to_string(rank); }
std::string hereKey(int rank) { return "here/" + std::to_string(rank); }

std::string listed(const std::vector<int>& ranks)
{
    std::string list;
    for (const int rank : ranks)
        list += (list.empty() ? "" : ", ") + std::to_string(rank);
    return list;
}

void put(c10d::Store& store, const std::string& key, const std::string& value)
{
    store.set(key, std::vector<std::uint8_t>{value.begin(), value.end()});
}

/// None where the key is not there (yet).
std::optional<std::string> look(c10d::Store& store, const std::string& key)
{
    if (!store.check({key}))
        return std::nullopt;
    const std::vector<std::uint8_t> value = store.get(key);
    return std::string{value.begin(), value.end()};
}

StorePointer connect(const GroupPlace& place, bool serves, std::chrono::milliseconds within)
{
    c10d::TCPStoreOptions options;
    options.port = place.port;
    options.isServer = serves;
    options.waitWorkers = false; // join() tells who is missing
    options.timeout = within;
    if (serves && place.listening >= 0)
        options.masterListenFd = place.listening;
    try {
        return c10::make_intrusive<c10d::TCPStore>(place.address, options);
    } catch (const std::exception&) {
        if (serves)
            throw DescentError{text("port %1 is taken: the other processes could not find this one there", place.port)};
        throw DescentError{text("the process of rank 0 could not be reached at %1, port %2, within %3 seconds", place.address, place.port,
                                std::chrono::duration_cast<std::chrono::seconds>(within).count())};
    }
}

/// The address of this machine that leads to `host`; empty where that is not known.
std::string ownAddressTowards(const std::string& host, std::uint16_t port)
{
    addrinfo hints{}, *found = nullptr;
    hints.ai_socktype = SOCK_DGRAM;
    if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0)
        return {};
    std::string own;
    for (const addrinfo* one = found; one && own.empty(); one = one->ai_next) {
        const int probe = ::socket(one->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        sockaddr_storage address{};
        socklen_t size = sizeof address;
        char name[NI_MAXHOST] = {};
        // Connecting a datagram socket sends nothing; it only asks which way leads there.
        if (probe >= 0 && ::connect(probe, one->ai_addr, one->ai_addrlen) == 0
            && ::getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size) == 0
            && ::getnameinfo(reinterpret_cast<sockaddr*>(&address), size, name, sizeof name, nullptr, 0, NI_NUMERICHOST) == 0)
            own = name;
        if (probe >= 0)
            ::close(probe);
    }
    ::freeaddrinfo(found);
    return own;
}

c10::intrusive_ptr<c10d::ProcessGroupGloo> gloo(const StorePointer& store, const std::string& name, const GroupPlace& place,
                                                std::chrono::milliseconds timeout)
{
    const auto options = c10d::ProcessGroupGloo::Options::create(timeout);
    if (const auto interface = environmentVariable("GLOO_SOCKET_IFNAME"); interface && !interface->empty())
        options->devices.push_back(c10d::ProcessGroupGloo::createDeviceForInterface(*interface));
    else if (const std::string own = ownAddressTowards(place.address, place.port); !own.empty())
        options->devices.push_back(c10d::ProcessGroupGloo::createDeviceForHostname(own));
    else
        options->devices.push_back(c10d::ProcessGroupGloo::createDefaultDevice());
    return c10::make_intrusive<c10d::ProcessGroupGloo>(c10::make_intrusive<c10d::PrefixStore>(name, store), place.rank, place.size, options);
}

}

struct ProcessGroup::Connections {
    StorePointer store; // first: it outlives the groups that met there
    c10::intrusive_ptr<c10d::ProcessGroupGloo> signals;
    c10::intrusive_ptr<c10d::ProcessGroup> gradients;
    bool broken = false;
};

/// Gives a sign of life and watches those of others, on a thread and a connection of its own. Rank 0 watches all, the others
/// watch rank 0.
class ProcessGroup::Pulse {
public:
    Pulse(const GroupPlace& place, StorePointer store, std::chrono::milliseconds patience)
        : m_place{place}, m_store{std::move(store)}, m_patience{patience}, m_thread{[this] { beat(); }}
    {
    }
    ~Pulse()
    {
        {
            const std::lock_guard lock{m_mutex};
            m_stops = true;
        }
        m_changed.notify_all();
        m_thread.join();
    }

    int lost() const { return m_lost.load(std::memory_order_acquire); } ///< a rank; -1: none
    /// How long this rank has been silent.
    Clock::duration silenceOf(int rank)
    {
        const std::lock_guard lock{m_mutex};
        const auto found = m_seen.find(rank);
        return found == m_seen.end() ? Clock::duration{} : Clock::now() - found->second.at;
    }

private:
    struct Seen {
        std::int64_t beats = 0;
        Clock::time_point at = Clock::now();
    };

    void beat()
    {
        std::unique_lock lock{m_mutex};
        while (!m_stops) {
            lock.unlock();
            try {
                m_store->add(beatKey(m_place.rank), 1);
                if (m_place.rank == 0)
                    for (int rank = 1; rank < m_place.size; ++rank)
                        watch(rank);
                else
                    watch(0);
            } catch (const std::exception&) { // the store has gone, and rank 0 with it
                m_lost.store(0, std::memory_order_release);
                return;
            }
            lock.lock();
            m_changed.wait_for(lock, signOfLifeEvery, [this] { return m_stops; });
        }
    }

    void watch(int rank)
    {
        const std::int64_t beats = m_store->add(beatKey(rank), 0);
        const std::lock_guard lock{m_mutex};
        Seen& seen = m_seen[rank];
        if (beats != seen.beats)
            seen = {beats, Clock::now()};
        else if (Clock::now() - seen.at > m_patience)
            m_lost.store(rank, std::memory_order_release);
    }

    const GroupPlace m_place;
    const StorePointer m_store;
    const std::chrono::milliseconds m_patience;
    std::atomic<int> m_lost = -1;
    std::mutex m_mutex; // guards what follows
    std::condition_variable m_changed;
    std::map<int, Seen> m_seen;
    bool m_stops = false;
    std::thread m_thread; // last: it uses all of this
};

ProcessGroup::ProcessGroup(const GroupPlace& place, GroupOptions options)
    : m_place{place}, m_options{std::move(options)}, m_connections{std::make_unique<Connections>()}
{
    if (place.size < 2 || place.rank < 0 || place.rank >= place.size)
        throw std::invalid_argument{fmt::format("rank {} of a group of {}", place.rank, place.size)};
    const bool serves = leads() && place.agentPrefix.empty();
    const auto connected = [&](bool server) -> StorePointer {
        const StorePointer store = connect(m_place, server, m_options.joinWithin);
        return c10::make_intrusive<c10d::PrefixStore>(place.agentPrefix + "/descent", store);
    };
    m_connections->store = connected(serves);
    join(m_options);
    m_connections->signals = gloo(m_connections->store, "signals", m_place, connectWithin);
    const auto forGradients = gloo(m_connections->store, "gradients", m_place, connectWithin);
    static_cast<c10d::Backend&>(*m_connections->signals).setTimeout(noTimeout);
    static_cast<c10d::Backend&>(*forGradients).setTimeout(gradientTimeout);
    const auto both = c10::make_intrusive<c10d::ProcessGroup>(m_connections->store, place.rank, place.size);
    both->setBackend(at::kCPU, c10d::ProcessGroup::BackendType::GLOO, forGradients);
#ifdef DESCENT_NCCL
    if (at::hasCUDA())
        both->setBackend(at::kCUDA, c10d::ProcessGroup::BackendType::NCCL,
                         c10::make_intrusive<c10d::ProcessGroupNCCL>(c10::make_intrusive<c10d::PrefixStore>("nccl", m_connections->store), place.rank,
                                                                     place.size));
#endif
    both->setDefaultBackend(c10d::ProcessGroup::BackendType::GLOO);
    m_connections->gradients = both;
    m_pulse = std::make_unique<Pulse>(m_place, connected(false), m_options.patience);
}

/// Rank 0 waits for all, looks whether they are of one mind and says go, or why not.
void ProcessGroup::join(const GroupOptions& options)
{
    c10d::Store& store = *m_connections->store;
    const Clock::time_point end = Clock::now() + options.joinWithin;
    const auto pause = [&] {
        if (options.interrupted && options.interrupted())
            throw Cancelled{};
        std::this_thread::sleep_for(lookEvery);
    };
    const std::string yes = "yes", others = "others", late = "late";
    const auto refuse = [&](const std::string& answer) {
        put(store, "go", answer);
        leave(done);
    };
    if (!leads()) {
        put(store, hereKey(m_place.rank), options.agreement);
        std::optional<std::string> answer;
        while (!(answer = look(store, "go"))) {
            if (Clock::now() > end)
                throw DescentError{text("the processes did not all come within the time")};
            pause();
        }
        if (*answer == yes)
            return;
        leave(followed);
        if (*answer == others)
            throw DescentError{text("the processes are to train different things: recipe, data or network differ")};
        throw DescentError{text("the processes did not all come within the time")};
    }
    for (;;) {
        std::vector<int> missing;
        for (int rank = 1; rank < m_place.size; ++rank)
            if (!store.check({hereKey(rank)}))
                missing.push_back(rank);
        if (missing.empty())
            break;
        for (const int rank : options.ended ? options.ended() : std::vector<int>{})
            if (std::find(missing.begin(), missing.end(), rank) != missing.end()) {
                refuse(late);
                throw ProcessLost{rank, text("worker %1 of %2 ended before the training began", rank, m_place.size)};
            }
        if (Clock::now() > end) {
            refuse(late);
            throw DescentError{text("of %1 processes these did not come within %2 seconds: ranks %3", m_place.size,
                                    std::chrono::duration_cast<std::chrono::seconds>(options.joinWithin).count(), listed(missing))};
        }
        pause();
    }
    for (int rank = 1; rank < m_place.size; ++rank)
        if (*look(store, hereKey(rank)) != options.agreement) {
            refuse(others);
            throw DescentError{text("the process of rank %1 is to train something else: recipe, data or network differ", rank)};
        }
    put(store, "go", yes);
}

ProcessGroup::~ProcessGroup()
{
    if (!m_left)
        leave(done);
    m_pulse.reset();
    // A connection that broke may hold a thread in an operation that never ends, and would hold us too. It is let go of as it is.
    if (m_connections->broken)
        static_cast<void>(m_connections.release());
}

namespace {

/// Waits until it is done, or until `lost` says that it never will be.
bool finish(c10d::Work& work, const std::function<bool()>& lost)
{
    struct Signal {
        std::mutex mutex;
        std::condition_variable changed;
    };
    const auto signal = std::make_shared<Signal>();
    const auto future = work.getFuture();
    future->addCallback([signal](c10::ivalue::Future&) {
        { const std::lock_guard lock{signal->mutex}; }
        signal->changed.notify_all();
    });
    std::unique_lock lock{signal->mutex};
    while (!future->completed()) {
        if (lost())
            return false;
        signal->changed.wait_for(lock, 100ms);
    }
    return !future->hasError();
}

}

void ProcessGroup::sum(at::Tensor& values)
{
    std::vector<at::Tensor> some{values.is_cpu() ? values : values.cpu()};
    const auto work = m_connections->signals->allreduce(some);
    if (!finish(*work, [this] { return m_pulse->lost() >= 0; })) {
        m_connections->broken = true;
        throw ProcessLost{m_pulse->lost(), text("another process has gone")};
    }
    if (!values.is_cpu())
        values.copy_(some.front());
}

void ProcessGroup::takeFromLeader(at::Tensor& values)
{
    std::vector<at::Tensor> some{values.is_cpu() && values.is_contiguous() ? values : values.cpu().contiguous()};
    const auto work = m_connections->signals->broadcast(some);
    if (!finish(*work, [this] { return m_pulse->lost() >= 0; })) {
        m_connections->broken = true;
        throw ProcessLost{m_pulse->lost(), text("another process has gone")};
    }
    if (!some.front().is_same(values))
        values.copy_(some.front());
}

std::string ProcessGroup::textOfLeader(const std::string& text)
{
    at::Tensor size = at::full({1}, static_cast<std::int64_t>(text.size()), at::kLong);
    takeFromLeader(size);
    const auto bytes = size.item<std::int64_t>();
    if (bytes == 0)
        return {};
    at::Tensor values = at::empty({bytes}, at::kByte);
    if (leads())
        std::copy(text.begin(), text.end(), values.mutable_data_ptr<std::uint8_t>());
    takeFromLeader(values);
    const auto* begin = values.const_data_ptr<std::uint8_t>();
    return {begin, begin + bytes};
}

const c10::intrusive_ptr<c10d::ProcessGroup>& ProcessGroup::gradients() const
{
    return m_connections->gradients;
}

void ProcessGroup::leave(const std::string& reason) noexcept
{
    m_left = true;
    try {
        c10d::Store& store = *m_connections->store;
        put(store, leftKey(m_place.rank), reason.empty() ? done : reason);
        if (!leads() || m_connections->broken)
            return;
        // The store goes with this process: not before the others have what they are still waiting for.
        const Clock::time_point end = Clock::now() + goodbye;
        const auto stays = [&](int rank) {
            return store.check({hereKey(rank)}) && !store.check({leftKey(rank)}) && (!m_pulse || m_pulse->silenceOf(rank) < goodbye);
        };
        for (int rank = 1; rank < m_place.size; ++rank)
            while (stays(rank) && Clock::now() < end)
                std::this_thread::sleep_for(lookEvery);
    } catch (const std::exception&) { // nobody is there any more who could be told
    }
}

void ProcessGroup::follow() noexcept
{
    m_connections->broken = true;
    leave(followed);
}

std::optional<ProcessLost> ProcessGroup::findLost()
{
    m_connections->broken = true;
    constexpr std::chrono::milliseconds search = 6s, silence = 1500ms;
    const Clock::time_point end = Clock::now() + search;
    c10d::Store& store = *m_connections->store;
    const auto lost = [&](int rank) { return ProcessLost{rank, text("worker %1 of %2 was lost", rank, m_place.size)}; };
    try {
        while (Clock::now() < end) {
            const std::vector<int> ended = m_options.ended ? m_options.ended() : std::vector<int>{};
            for (int rank = 1; rank < m_place.size; ++rank) {
                const std::optional<std::string> left = look(store, leftKey(rank)); // after `ended`: it is told before the end
                if (left && *left != done && *left != followed)
                    return ProcessLost{rank, text("worker %1 of %2 failed: %3", rank, m_place.size, *left), *left};
                if (left)
                    continue;
                if (std::find(ended.begin(), ended.end(), rank) != ended.end() || m_pulse->silenceOf(rank) > silence)
                    return lost(rank);
            }
            std::this_thread::sleep_for(lookEvery);
        }
    } catch (const std::exception&) { // the store of an agent that has gone as well
        return ProcessLost{-1, text("the other processes were lost")};
    }
    return std::nullopt;
}

}
