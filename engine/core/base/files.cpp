// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/files.h"

#include "engine/core/base/problem.h"

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace descent {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail(const char* source, const fs::path& path)
{
    throw DescentError{text(source, path.string(), std::strerror(errno))};
}

class FileDescriptor {
public:
    explicit FileDescriptor(int fd) : m_fd{fd} {}
    FileDescriptor(const FileDescriptor&) = delete;
    ~FileDescriptor()
    {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    int get() const { return m_fd; }

private:
    int m_fd;
};

void writeAll(int fd, std::span<const std::byte> bytes, const fs::path& path)
{
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            fail("cannot write %1: %2", path);
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
}

void renameSynced(const fs::path& from, const fs::path& to)
{
    if (::rename(from.c_str(), to.c_str()) != 0)
        fail("cannot replace %1: %2", to);
    const fs::path folder = to.has_parent_path() ? to.parent_path() : fs::path{"."};
    const FileDescriptor directory{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (directory.get() >= 0)
        ::fsync(directory.get()); // some file systems refuse to sync a folder; the rename itself has happened
}

int nextNumber()
{
    static std::atomic<int> number = 0;
    return ++number;
}

/// descent's in the folder that a variable of the XDG base directories names, or else below a person's home.
fs::path personsFolder(const char* variable, const char* usual)
{
    if (const char* folder = std::getenv(variable); folder && *folder)
        return fs::path{folder} / "descent";
    const char* home = std::getenv("HOME");
    return fs::path{home && *home ? home : "."} / usual / "descent";
}

}

AtomicFile::AtomicFile(fs::path path)
    : m_path{std::move(path)},
      // Two programs or threads that write the same file do not share a temporary one.
      m_temporary{m_path.parent_path() / fmt::format(".{}.{}-{}.tmp", m_path.filename().string(), ::getpid(), nextNumber())},
      m_file{::open(m_temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)}
{
    if (m_file < 0)
        fail("cannot create %1: %2", m_temporary);
}

AtomicFile::~AtomicFile()
{
    if (m_file >= 0)
        ::close(m_file);
    if (!m_temporary.empty())
        ::unlink(m_temporary.c_str());
}

void AtomicFile::write(std::span<const std::byte> bytes)
{
    writeAll(m_file, bytes, m_temporary);
}

void AtomicFile::commit()
{
    if (::fsync(m_file) != 0 || ::close(std::exchange(m_file, -1)) != 0)
        fail("cannot write %1: %2", m_temporary);
    renameSynced(m_temporary, m_path);
    m_temporary.clear();
}

void makeFolder(const fs::path& folder)
{
    std::error_code error;
    fs::create_directories(folder, error);
    if (error)
        throw DescentError{text("the folder %1 cannot be made: %2", folder.string(), error.message())};
}

void replaceFile(const fs::path& written, const fs::path& path)
{
    {
        const FileDescriptor file{::open(written.c_str(), O_RDONLY | O_CLOEXEC)};
        if (file.get() < 0 || ::fsync(file.get()) != 0)
            fail("cannot write %1: %2", written);
    }
    renameSynced(written, path);
}

OpenFile::OpenFile(fs::path path) : m_path{std::move(path)}, m_file{::open(m_path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)}
{
    struct stat status {};
    const bool isThere = m_file >= 0 && ::fstat(m_file, &status) == 0;
    if (isThere && S_ISREG(status.st_mode)) { // a device never ends, a pipe may never begin
        m_size = static_cast<std::uint64_t>(status.st_size);
        return;
    }
    const int reason = errno;
    if (m_file >= 0)
        ::close(m_file);
    errno = reason;
    if (!isThere)
        fail("cannot read %1: %2", m_path);
    throw DescentError{text("%1 is not a file", m_path.string())};
}

OpenFile::~OpenFile()
{
    ::close(m_file);
}

bool OpenFile::read(std::uint64_t offset, std::span<std::byte> bytes) const
{
    while (!bytes.empty()) {
        const ssize_t count = ::pread(m_file, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return false;
        bytes = bytes.subspan(static_cast<std::size_t>(count));
        offset += static_cast<std::uint64_t>(count);
    }
    return true;
}

void OpenFile::willRead(std::uint64_t offset, std::uint64_t count) const
{
    ::posix_fadvise(m_file, static_cast<off_t>(offset), static_cast<off_t>(count), POSIX_FADV_WILLNEED); // an advice: it may fail
}

void writeFileAtomically(const fs::path& path, std::span<const std::byte> bytes)
{
    AtomicFile file{path};
    file.write(bytes);
    file.commit();
}

void writeFileAtomically(const fs::path& path, std::string_view text)
{
    writeFileAtomically(path, std::as_bytes(std::span{text}));
}

std::string readFile(const fs::path& path, std::size_t maximumBytes)
{
    const FileDescriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (file.get() < 0)
        fail("cannot open %1: %2", path);
    struct stat status {};
    if (::fstat(file.get(), &status) != 0)
        fail("cannot read %1: %2", path);
    if (S_ISDIR(status.st_mode))
        throw DescentError{text("%1 is a folder, not a file", path.string())};
    std::string content;
    char block[1 << 16];
    for (;;) {
        const ssize_t count = ::read(file.get(), block, sizeof block);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            fail("cannot read %1: %2", path);
        if (count == 0)
            return content;
        if (content.size() + static_cast<std::size_t>(count) > maximumBytes)
            throw DescentError{text("%1 is larger than %2 bytes", path.string(), maximumBytes)};
        content.append(block, static_cast<std::size_t>(count));
    }
}

fs::path cacheFolder()
{
    if (const char* home = std::getenv("DESCENT_HOME"); home && *home)
        return fs::path{home} / "cache";
    return personsFolder("XDG_CACHE_HOME", ".cache");
}

fs::path dataFolder()
{
    if (const char* home = std::getenv("DESCENT_HOME"); home && *home)
        return home;
    return personsFolder("XDG_DATA_HOME", ".local/share");
}

}
