// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/backend/group_place.h"

#include <charconv>
#include <cstdlib>

namespace descent {

namespace {

/// Reads variables as whole numbers, and collects what is wrong with them.
class NumberReader {
public:
    explicit NumberReader(const EnvironmentReader& read) : m_read{read} {}

    std::int64_t number(const char* name, std::int64_t lowest, std::int64_t highest)
    {
        const std::optional<std::string> value = m_read(name);
        if (!value) {
            problems.push_back({name, text("this variable is missing"), text("processes that train together are each told their place; torchrun and srun do it")});
            return lowest;
        }
        std::int64_t number = 0;
        const auto [rest, error] = std::from_chars(value->data(), value->data() + value->size(), number);
        if (error != std::errc{} || rest != value->data() + value->size() || number < lowest || number > highest) {
            problems.push_back({name, text("\"%1\" is no whole number from %2 to %3", *value, lowest, highest), {}});
            return lowest;
        }
        return number;
    }
    std::int64_t number(const char* name, std::int64_t lowest, std::int64_t highest, std::int64_t otherwise)
    {
        return m_read(name) ? number(name, lowest, highest) : otherwise;
    }

    Problems problems;

private:
    const EnvironmentReader& m_read;
};

constexpr std::int64_t mostProcesses = 65536, highestPort = 65535;

Result<GroupPlace> placeOfTorchrun(const EnvironmentReader& read)
{
    NumberReader reader{read};
    GroupPlace place;
    place.size = static_cast<int>(reader.number("WORLD_SIZE", 1, mostProcesses));
    place.rank = static_cast<int>(reader.number("RANK", 0, place.size - 1));
    if (place.size == 1 && reader.problems.empty())
        return {};
    place.localRank = static_cast<int>(reader.number("LOCAL_RANK", 0, place.size - 1, 0));
    place.localSize = static_cast<int>(reader.number("LOCAL_WORLD_SIZE", 1, place.size, 1));
    place.port = static_cast<std::uint16_t>(reader.number("MASTER_PORT", 1, highestPort));
    if (const auto address = read("MASTER_ADDR"); address && !address->empty())
        place.address = *address;
    else
        reader.problems.push_back({"MASTER_ADDR", text("this variable is missing"), text("it names the machine of the process of rank 0")});
    if (read("TORCHELASTIC_USE_AGENT_STORE").value_or("") == "True") // as torch.distributed's own rendezvous reads it
        place.agentPrefix = "/worker/attempt_" + read("TORCHELASTIC_RESTART_COUNT").value_or("0");
    if (!reader.problems.empty())
        return {std::nullopt, std::move(reader.problems)};
    return {place, {}};
}

Result<GroupPlace> placeOfSlurm(const EnvironmentReader& read)
{
    NumberReader reader{read};
    GroupPlace place;
    place.size = static_cast<int>(reader.number("SLURM_STEP_NUM_TASKS", 1, mostProcesses));
    place.rank = static_cast<int>(reader.number("SLURM_PROCID", 0, place.size - 1));
    if (place.size == 1 && reader.problems.empty())
        return {};
    place.localRank = static_cast<int>(reader.number("SLURM_LOCALID", 0, place.size - 1, 0));
    // "2(x3)": two tasks on each of three machines. The first number is that of the first machine, and of all but odd jobs.
    if (const auto tasks = read("SLURM_STEP_TASKS_PER_NODE"))
        std::from_chars(tasks->data(), tasks->data() + tasks->size(), place.localSize);
    place.address = read("MASTER_ADDR").value_or("");
    if (place.address.empty())
        place.address = firstHostOf(read("SLURM_STEP_NODELIST").value_or(read("SLURM_JOB_NODELIST").value_or("")));
    if (place.address.empty())
        reader.problems.push_back({"SLURM_STEP_NODELIST", text("this variable is missing"), text("set MASTER_ADDR to the machine of the first task")});
    constexpr std::int64_t firstPort = 20000, ports = 10000; // below those that systems give out by themselves
    const std::int64_t job = reader.number("SLURM_JOB_ID", 0, std::int64_t{1} << 40, 0);
    place.port = static_cast<std::uint16_t>(reader.number("MASTER_PORT", 1, highestPort, firstPort + job % ports));
    if (!reader.problems.empty())
        return {std::nullopt, std::move(reader.problems)};
    return {place, {}};
}

}

std::optional<std::string> environmentVariable(const char* name)
{
    const char* value = std::getenv(name);
    return value ? std::optional<std::string>{value} : std::nullopt;
}

Result<GroupPlace> placeFromEnvironment(const EnvironmentReader& read)
{
    if (read("RANK") || read("WORLD_SIZE"))
        return placeOfTorchrun(read);
    // Only a step's tasks have these: a job's script, which has SLURM_PROCID too, is by itself.
    if (read("SLURM_STEP_NUM_TASKS") && read("SLURM_PROCID"))
        return placeOfSlurm(read);
    return {};
}

std::string firstHostOf(std::string_view nodeList)
{
    const std::size_t bracket = nodeList.find('['), comma = nodeList.find(',');
    if (bracket == std::string_view::npos || comma < bracket)
        return std::string{nodeList.substr(0, comma)};
    const std::size_t end = nodeList.find_first_of(",-]", bracket + 1), close = nodeList.find(']', bracket);
    if (end == std::string_view::npos || close == std::string_view::npos)
        return {};
    const std::string_view rest = nodeList.substr(close + 1, nodeList.find(',', close) - close - 1);
    return std::string{nodeList.substr(0, bracket)} + std::string{nodeList.substr(bracket + 1, end - bracket - 1)} + std::string{rest};
}

}
