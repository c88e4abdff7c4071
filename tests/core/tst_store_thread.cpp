// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/store_thread.h"

#include "engine/core/base/files.h"

#include <QTemporaryDir>
#include <QTest>

#include <future>

using namespace descent;

class TestStoreThread : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void workIsDoneInOrderOnAnotherThread()
    {
        const QTemporaryDir home;
        std::vector<int> order;
        std::promise<std::thread::id> worker;
        {
            StoreThread thread{home.path().toStdString(), [](const StoreError& error) { QFAIL(error.what()); }};
            thread.post([&](RunStore& store) { order.push_back(static_cast<int>(store.createRun({.name = "a"}))); });
            thread.post([&](RunStore& store) { order.push_back(static_cast<int>(store.createRun({.name = "b"}))); });
            thread.post([&](RunStore&) { worker.set_value(std::this_thread::get_id()); });
            QVERIFY(worker.get_future().get() != std::this_thread::get_id());
        }
        QCOMPARE(order, (std::vector<int>{1, 2}));
    }

    void theDestructorFinishesWhatWasPosted()
    {
        const QTemporaryDir home;
        {
            StoreThread thread{home.path().toStdString(), [](const StoreError&) {}};
            for (int i = 0; i < 50; ++i)
                thread.post([](RunStore& store) { store.createRun({.name = "run"}); });
        }
        QCOMPARE(RunStore{home.path().toStdString()}.runs().size(), 50u);
    }

    void workThatFailsIsToldAndTheNextGoesOn()
    {
        const QTemporaryDir home;
        std::vector<std::string> failures;
        std::size_t runs = 0;
        {
            StoreThread thread{home.path().toStdString(), [&](const StoreError& error) { failures.push_back(error.what()); }};
            thread.post([](RunStore& store) { store.rename(7, "x"); });
            thread.post([](RunStore&) { throw std::logic_error{"a bug in the work"}; });
            thread.post([&](RunStore& store) { runs = (store.createRun({.name = "run"}), store.runs().size()); });
        }
        QCOMPARE(failures.size(), 2u);
        QCOMPARE(failures[1], std::string{"a bug in the work"});
        QCOMPARE(runs, 1u);
    }

    void aStoreThatCannotBeOpenedIsToldForEachPieceOfWork()
    {
        const QTemporaryDir home;
        const std::filesystem::path place = home.filePath("file").toStdString();
        writeFileAtomically(place, std::string_view{"no folder"});
        int failures = 0, done = 0;
        {
            StoreThread thread{place, [&](const StoreError&) { ++failures; }};
            thread.post([&](RunStore&) { ++done; });
            thread.post([&](RunStore&) { ++done; });
        }
        QCOMPARE(failures, 2);
        QCOMPARE(done, 0);
    }
};

QTEST_GUILESS_MAIN(TestStoreThread)
#include "tst_store_thread.moc"
