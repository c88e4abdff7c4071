// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/problem.h"
#include "engine/core/store/run_store.h"

#include <QTemporaryDir>
#include <QTest>

#include <cstring>
#include <functional>
#include <memory>
#include <new>
#include <sqlite3.h>
#include <sstream>

using namespace descent;

namespace {

/// What a disk is asked for, and where it fails: one call of one kind, the n-th.
struct Disk {
    enum class Call { none, open, write, sync, truncate } failing = Call::none;
    int left = 0;             // calls of that kind until the one that fails
    int answer = SQLITE_IOERR; // of the call that fails
    bool hasFailed = false;

    int fault(Call call)
    {
        if (call != failing || hasFailed || --left > 0)
            return SQLITE_OK;
        hasFailed = true;
        return answer;
    }
};
Disk disk;

/// A file of the system's, between SQLite and which stands `disk`.
struct File {
    sqlite3_file base;
    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};
sqlite3_file* realOf(sqlite3_file* file)
{
    return reinterpret_cast<File*>(file)->real();
}

sqlite3_vfs* system()
{
    static sqlite3_vfs* const found = sqlite3_vfs_find("unix");
    return found;
}

const sqlite3_io_methods* methods()
{
    static const sqlite3_io_methods all = [] {
        sqlite3_io_methods m{};
        m.iVersion = 3;
        m.xClose = [](sqlite3_file* f) { return realOf(f)->pMethods ? realOf(f)->pMethods->xClose(realOf(f)) : SQLITE_OK; };
        m.xRead = [](sqlite3_file* f, void* to, int size, sqlite3_int64 at) { return realOf(f)->pMethods->xRead(realOf(f), to, size, at); };
        m.xWrite = [](sqlite3_file* f, const void* from, int size, sqlite3_int64 at) {
            const int fault = disk.fault(Disk::Call::write);
            if (fault != SQLITE_OK && size > 1) // half of it is there
                realOf(f)->pMethods->xWrite(realOf(f), from, size / 2, at);
            return fault != SQLITE_OK ? fault : realOf(f)->pMethods->xWrite(realOf(f), from, size, at);
        };
        m.xTruncate = [](sqlite3_file* f, sqlite3_int64 size) {
            const int fault = disk.fault(Disk::Call::truncate);
            return fault != SQLITE_OK ? fault : realOf(f)->pMethods->xTruncate(realOf(f), size);
        };
        m.xSync = [](sqlite3_file* f, int flags) {
            const int fault = disk.fault(Disk::Call::sync);
            return fault != SQLITE_OK ? fault : realOf(f)->pMethods->xSync(realOf(f), flags);
        };
        m.xFileSize = [](sqlite3_file* f, sqlite3_int64* size) { return realOf(f)->pMethods->xFileSize(realOf(f), size); };
        m.xLock = [](sqlite3_file* f, int lock) { return realOf(f)->pMethods->xLock(realOf(f), lock); };
        m.xUnlock = [](sqlite3_file* f, int lock) { return realOf(f)->pMethods->xUnlock(realOf(f), lock); };
        m.xCheckReservedLock = [](sqlite3_file* f, int* out) { return realOf(f)->pMethods->xCheckReservedLock(realOf(f), out); };
        m.xFileControl = [](sqlite3_file* f, int op, void* value) { return realOf(f)->pMethods->xFileControl(realOf(f), op, value); };
        m.xSectorSize = [](sqlite3_file* f) { return realOf(f)->pMethods->xSectorSize(realOf(f)); };
        m.xDeviceCharacteristics = [](sqlite3_file* f) { return realOf(f)->pMethods->xDeviceCharacteristics(realOf(f)); };
        m.xShmMap = [](sqlite3_file* f, int region, int size, int extend, void volatile** out) { return realOf(f)->pMethods->xShmMap(realOf(f), region, size, extend, out); };
        m.xShmLock = [](sqlite3_file* f, int offset, int n, int flags) { return realOf(f)->pMethods->xShmLock(realOf(f), offset, n, flags); };
        m.xShmBarrier = [](sqlite3_file* f) { realOf(f)->pMethods->xShmBarrier(realOf(f)); };
        m.xShmUnmap = [](sqlite3_file* f, int remove) { return realOf(f)->pMethods->xShmUnmap(realOf(f), remove); };
        m.xFetch = [](sqlite3_file* f, sqlite3_int64 at, int size, void** out) { return realOf(f)->pMethods->xFetch(realOf(f), at, size, out); };
        m.xUnfetch = [](sqlite3_file* f, sqlite3_int64 at, void* page) { return realOf(f)->pMethods->xUnfetch(realOf(f), at, page); };
        return m;
    }();
    return &all;
}

/// In front of the system's files from here on.
void standBefore()
{
    static sqlite3_vfs vfs = [] {
        sqlite3_vfs v = *system();
        v.zName = "faulty";
        v.pNext = nullptr;
        v.szOsFile = static_cast<int>(sizeof(File)) + system()->szOsFile;
        v.xOpen = [](sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* outFlags) {
            file->pMethods = nullptr;
            if (const int fault = disk.fault(Disk::Call::open); fault != SQLITE_OK)
                return SQLITE_CANTOPEN;
            const int opened = system()->xOpen(system(), name, realOf(file), flags, outFlags);
            if (opened == SQLITE_OK)
                file->pMethods = methods();
            return opened;
        };
        return v;
    }();
    sqlite3_vfs_register(&vfs, 1);
}

/// One change after the other, each of which is in the history wholly or not at all.
std::vector<std::function<void(RunStore&)>> changes()
{
    const auto losses = [](std::int64_t from, std::int64_t to) {
        MetricsLogged logged;
        for (std::int64_t step = from; step <= to; ++step)
            logged.points.push_back({"loss/train", step, 1.0 / static_cast<double>(step), 0});
        return logged;
    };
    return {
        [](RunStore& store) { store.createRun({.name = "first", .recipeJson = "{}"}); },
        [=](RunStore& store) { store.record(1, std::vector<RunEvent>{losses(1, 100)}); },
        [](RunStore& store) { store.setTags(1, {"one", "two"}); },
        [=](RunStore& store) { store.record(1, std::vector<RunEvent>{losses(101, 6000)}); },
        [](RunStore& store) { store.createRun({.name = "second", .recipeJson = "{}"}); },
        [](RunStore& store) { store.rename(1, "renamed"); },
        [](RunStore& store) { store.record(1, std::vector<RunEvent>{RunEnded{.test = {{"accuracy", 0.5}}}}); },
        [](RunStore& store) { store.moveToTrash(std::vector<RunId>{2}); },
        [](RunStore& store) { store.reopenRun(1, "{}", {.step = 5000, .epoch = 1, .judged = true, .seconds = 1}); },
        [](RunStore& store) { store.vacuum(); },
    };
}

/// What a person would see.
std::string contentOf(RunStore& store)
{
    std::ostringstream content;
    for (auto list : {store.runs(), store.trash()}) {
        for (const RunSummary& run : list) {
            content << run.id << run.name << toString(run.status) << run.step << ' ' << run.tags.size() << ' ' << run.test.size();
            const std::vector<SeriesPoint> points = store.points(run.id, "loss/train");
            content << ' ' << points.size() << ' ' << (points.empty() ? 0 : points.back().value) << '\n';
        }
        content << "--\n";
    }
    return content.str();
}

}

class TestStoreFaults : public QObject {
    Q_OBJECT
    std::vector<std::string> m_contents; // after so many changes

private Q_SLOTS:
    void initTestCase()
    {
        standBefore();
        QTemporaryDir folder;
        RunStore store{folder.path().toStdString()};
        m_contents.push_back(contentOf(store));
        for (const auto& change : changes()) {
            change(store);
            m_contents.push_back(contentOf(store));
        }
    }
    void cleanup() { disk = {}; }

    void eachCallFailsOnce_data()
    {
        QTest::addColumn<int>("call");
        QTest::addColumn<int>("answer");
        QTest::newRow("a file is not opened") << static_cast<int>(Disk::Call::open) << SQLITE_CANTOPEN;
        QTest::newRow("half is written") << static_cast<int>(Disk::Call::write) << SQLITE_IOERR_WRITE;
        QTest::newRow("the disk is full") << static_cast<int>(Disk::Call::write) << SQLITE_FULL;
        QTest::newRow("nothing is synced") << static_cast<int>(Disk::Call::sync) << SQLITE_IOERR_FSYNC;
        QTest::newRow("a file is not cut") << static_cast<int>(Disk::Call::truncate) << SQLITE_IOERR_TRUNCATE;
    }
    /// The first, the second, …, until all changes are made without one. What was acknowledged is there, and nothing in part.
    void eachCallFailsOnce()
    {
        QFETCH(int, call);
        QFETCH(int, answer);
        int faults = 0;
        for (int n = 1;; ++n) {
            QTemporaryDir folder;
            std::size_t done = 0;
            disk = {.failing = static_cast<Disk::Call>(call), .left = n, .answer = answer};
            try {
                RunStore store{folder.path().toStdString()};
                for (const auto& change : changes()) {
                    change(store);
                    ++done;
                }
            } catch (const StoreError& error) {
                QVERIFY2(std::strlen(error.what()) > 20, error.what()); // it says something
            }
            const bool failed = disk.hasFailed;
            disk = {};
            RunStore store{folder.path().toStdString()};
            const std::string content = contentOf(store);
            const bool isOld = content == m_contents[done], isNew = done + 1 < m_contents.size() && content == m_contents[done + 1];
            QVERIFY2(isOld || isNew, qPrintable(QString{"call %1, after %2 changes:\n%3"}.arg(n).arg(done).arg(QString::fromStdString(content))));
            QVERIFY(store.check().empty());
            if (!failed) {
                QCOMPARE(done, changes().size());
                break;
            }
            ++faults;
        }
        QVERIFY2(faults > 1, qPrintable(QString::number(faults)));
    }
};

QTEST_GUILESS_MAIN(TestStoreFaults)
#include "tst_store_faults.moc"
