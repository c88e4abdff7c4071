// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/job/worker_processes.h"

#include "engine/core/base/files.h"
#include "engine/core/recipe/catalog.h"

#include <arpa/inet.h>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace descent {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds goodbye = 3s, lookEvery = 10ms;

/// $DESCENT_PROGRAM, else the program itself where it is `descent`, else the one beside it (beside the window's).
std::filesystem::path programFor()
{
    if (const auto given = environmentVariable("DESCENT_PROGRAM"); given && !given->empty())
        return *given;
    std::error_code ignored;
    const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", ignored);
    const std::filesystem::path program = self.parent_path() / "descent";
    if (::access(program.c_str(), X_OK) != 0)
        throw DescentError{text("the program %1, which the other processes of a training run, is not there", program.string())};
    return program;
}

/// A socket that listens on a free port of the loopback: nobody can take the port before the group does.
int listenOnLoopback(std::uint16_t& port)
{
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    constexpr int waiting = 128;
    if (socket < 0 || ::bind(socket, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(socket, waiting) != 0
        || ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        throw DescentError{text("no port of this machine could be opened: %1", std::strerror(errno))};
    port = ntohs(address.sin_port);
    return socket;
}

/// A file in memory, read from its start by each that opens it anew.
int memoryFile(const std::string& content)
{
    const int file = ::memfd_create("recipe", MFD_CLOEXEC);
    if (file < 0 || ::write(file, content.data(), content.size()) != static_cast<ssize_t>(content.size()))
        throw DescentError{text("the recipe could not be handed to the other processes: %1", std::strerror(errno))};
    return file;
}

}

int processesOf(const Recipe& recipe)
{
    return static_cast<int>(integerOf(trainingSchema(), recipe.training, "processes"));
}

WorkerProcesses::WorkerProcesses(const Recipe& recipe, int size, std::filesystem::path runFolder, const std::filesystem::path& resume)
    : m_place{.size = size, .localSize = size}, m_program{programFor()}, m_runFolder{std::move(runFolder)}
{
    const int input = memoryFile(toJson(withDefaults(recipe)));
    m_place.listening = listenOnLoopback(m_place.port);
    std::error_code ignored;
    std::filesystem::create_directories(m_runFolder, ignored);
    for (int rank = 1; rank < size; ++rank)
        start(rank, input, resume);
    ::close(input);
}

std::filesystem::path WorkerProcesses::logOf(int rank) const
{
    return m_runFolder / fmt::format("worker-{}.log", rank);
}

void WorkerProcesses::start(int rank, int input, const std::filesystem::path& resume)
{
    // All that allocates happens before the fork: other threads may hold the allocator's locks.
    const std::vector<std::string> own{fmt::format("RANK={}", rank), fmt::format("LOCAL_RANK={}", rank), fmt::format("WORLD_SIZE={}", m_place.size),
                                       fmt::format("LOCAL_WORLD_SIZE={}", m_place.size), "MASTER_ADDR=" + m_place.address,
                                       fmt::format("MASTER_PORT={}", m_place.port)};
    std::vector<char*> environment;
    for (char** variable = environ; *variable; ++variable)
        environment.push_back(*variable); // none of ours: with those set, this process would be a worker itself
    for (const std::string& variable : own)
        environment.push_back(const_cast<char*>(variable.c_str()));
    environment.push_back(nullptr);
    const std::string program = m_program.string(), log = logOf(rank).string(), source = fmt::format("/proc/self/fd/{}", input);
    const std::string point = resume.string();
    std::vector<const char*> words{program.c_str(), "train", "-"};
    if (!point.empty())
        words.insert(words.end(), {"--resume-point", point.c_str()});
    words.push_back(nullptr);
    const pid_t parent = ::getpid(), child = ::fork();
    if (child < 0)
        throw DescentError{text("process %1 of %2 could not be started: %3", rank, m_place.size, std::strerror(errno))};
    if (child == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        const int recipe = ::open(source.c_str(), O_RDONLY), nowhere = ::open("/dev/null", O_WRONLY);
        const int errors = ::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
        if (::getppid() != parent || recipe < 0 || ::dup2(recipe, STDIN_FILENO) < 0 || ::dup2(nowhere, STDOUT_FILENO) < 0
            || ::dup2(errors >= 0 ? errors : nowhere, STDERR_FILENO) < 0)
            ::_exit(127);
        ::execve(program.c_str(), const_cast<char* const*>(words.data()), environment.data());
        ::_exit(127);
    }
    m_workers.push_back({.process = child});
}

std::vector<int> WorkerProcesses::ended()
{
    std::vector<int> ranks;
    for (std::size_t i = 0; i < m_workers.size(); ++i) {
        Worker& worker = m_workers[i];
        if (!worker.ended)
            worker.ended = ::waitpid(worker.process, nullptr, WNOHANG) != 0;
        if (worker.ended)
            ranks.push_back(static_cast<int>(i) + 1);
    }
    return ranks;
}

WorkerProcesses::~WorkerProcesses()
{
    const auto end = std::chrono::steady_clock::now() + goodbye;
    while (ended().size() < m_workers.size() && std::chrono::steady_clock::now() < end)
        std::this_thread::sleep_for(lookEvery);
    for (std::size_t i = 0; i < m_workers.size(); ++i) {
        if (!m_workers[i].ended) {
            ::kill(m_workers[i].process, SIGKILL);
            ::waitpid(m_workers[i].process, nullptr, 0);
        }
        std::error_code ignored;
        if (const auto log = logOf(static_cast<int>(i) + 1); std::filesystem::file_size(log, ignored) == 0)
            std::filesystem::remove(log, ignored);
    }
}

}
