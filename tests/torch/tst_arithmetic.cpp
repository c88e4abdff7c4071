// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/device/arithmetic.h"

#include "engine/core/recipe/catalog.h"
#include "engine/torch/train/options.h"

#include <ATen/Context.h>
#include <QTest>

using namespace descent;

/// What is asked of torch. Whether a GPU then gives the same bits takes one to show.
class TestArithmetic : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aGpuIsAskedForTheSameOrderEveryTimeOrForTheQuickest()
    {
        const at::Context& context = at::globalContext();
        const at::Device gpu{at::kCUDA, 0};
        const bool before = context.deterministicAlgorithms(), filled = context.deterministicFillUninitializedMemory();
        {
            const Arithmetic deterministic{true, gpu};
            QVERIFY(context.deterministicAlgorithms() && context.deterministicAlgorithmsWarnOnly());
            QVERIFY(context.deterministicCuDNN() && !context.benchmarkCuDNN());
            QVERIFY(!context.deterministicFillUninitializedMemory());
            QCOMPARE(qgetenv("CUBLAS_WORKSPACE_CONFIG"), QByteArray(":4096:8"));
            const Arithmetic fast{false, gpu};
            QVERIFY(!context.deterministicAlgorithms() && !context.deterministicCuDNN() && context.benchmarkCuDNN());
        }
        QCOMPARE(context.deterministicAlgorithms(), before);
        QCOMPARE(context.deterministicFillUninitializedMemory(), filled);
        QVERIFY(!context.benchmarkCuDNN());
    }

    /// Its deterministic kernels would cost time and change nothing: they keep their order as they are (tst_trainer).
    void ofACpuNothingIsAsked()
    {
        const Arithmetic arithmetic{true, at::kCPU};
        QVERIFY(!at::globalContext().deterministicAlgorithms());
    }

    void aRecipeIsDeterministicUnlessItSaysFast()
    {
        QVERIFY(trainingOptions({}).deterministic);
        QVERIFY(!trainingOptions({{"arithmetic", std::string{"fast"}}}).deterministic);
    }
};

QTEST_GUILESS_MAIN(TestArithmetic)
#include "tst_arithmetic.moc"
