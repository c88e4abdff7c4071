// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/train/device_box.h"

#include <QSignalSpy>
#include <QTest>

using namespace descent;

namespace {

const DeviceInfo cpu{"cpu", "16 threads", 128'000'000'000, 96'000'000'000};
const DeviceInfo gpu{"cuda:0", "NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition", 102'000'000'000, 75'400'000'000};

}

class TestDeviceBox : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aLabelSaysWhatIsKnown()
    {
        QLocale::setDefault(QLocale::c());
        QCOMPARE(deviceLabel({"cuda:0", "NVIDIA H100", 80'000'000'000, 75'000'000'000}), QString::fromUtf8("CUDA:0 · NVIDIA H100 · 80 GB, 75 free"));
        QCOMPARE(deviceLabel({"cuda:1", "NVIDIA T4", 15'800'000'000, 900'000'000}), QString::fromUtf8("CUDA:1 · NVIDIA T4 · 16 GB, 0.9 free"));
        QCOMPARE(deviceLabel({"cuda:2", "GPU 2", 8'000'000'000}), QString::fromUtf8("CUDA:2 · GPU 2 · 8.0 GB"));
        QCOMPARE(deviceLabel({"cuda:3", "GPU 3"}), QString::fromUtf8("CUDA:3 · GPU 3"));
    }

    void aLongNameFitsANarrowCard()
    {
        DeviceBox box;
        box.setDevices({cpu, gpu});
        box.setDevice("cuda:0");
        QVERIFY(box.minimumSizeHint().width() < 220); // beside its label on a card of 300
        QVERIFY(box.toolTip().contains("Workstation Edition"));
        box.resize(220, box.sizeHint().height());
        const QImage narrow = box.grab().toImage();
        box.setDevices({{gpu.id, gpu.name, gpu.memoryBytes, 1'200'000'000}});
        QVERIFY(box.grab().toImage() != narrow); // its end, the memory, is still seen
    }

    void whoLooksSeesTheMemoryOfNow()
    {
        DeviceBox box;
        box.setDevices({cpu, gpu});
        box.setDevice("cuda:0");
        connect(&box, &DeviceBox::opened, &box, [&] { box.setDevices({cpu, {gpu.id, gpu.name, gpu.memoryBytes, 5'000'000'000}}); });
        QSignalSpy opened{&box, &DeviceBox::opened};
        box.showPopup();
        QCOMPARE(opened.size(), 1);
        QCOMPARE(box.count(), 3);
        QVERIFY(box.currentText().endsWith("5.0 free"));
        box.hidePopup();
    }

    void aChoiceIsToldOnceAndADeviceThatIsNotHereIsShown()
    {
        DeviceBox box;
        box.setDevices({cpu});
        QSignalSpy chosen{&box, &DeviceBox::deviceChosen};
        box.setDevice("cuda:7");
        QCOMPARE(box.currentText(), QString{"cuda:7"});
        QVERIFY(chosen.isEmpty());
        QTest::keyClick(&box, Qt::Key_Up);
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(chosen.front().front().toString(), QString{"cpu"});
    }
};

QTEST_MAIN(TestDeviceBox)
#include "tst_device_box.moc"
