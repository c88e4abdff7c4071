// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/train/device_box.h"

#include <QAbstractItemView>
#include <QLocale>
#include <QStylePainter>

namespace descent {

QString deviceLabel(const DeviceInfo& device)
{
    const auto gigabytes = [](std::int64_t bytes) {
        return QLocale{}.toString(static_cast<double>(bytes) / 1e9, 'f', bytes < 10'000'000'000 ? 1 : 0);
    };
    QStringList parts{QString::fromStdString(device.id).toUpper(), QString::fromStdString(device.name)};
    if (device.memoryBytes > 0 && device.freeBytes > 0)
        parts << DeviceBox::tr("%1 GB, %2 free").arg(gigabytes(device.memoryBytes), gigabytes(device.freeBytes));
    else if (device.memoryBytes > 0)
        parts << DeviceBox::tr("%1 GB").arg(gigabytes(device.memoryBytes));
    return parts.join(QStringLiteral(" · "));
}

DeviceBox::DeviceBox(QWidget* parent) : QComboBox{parent}
{
    setSizeAdjustPolicy(AdjustToMinimumContentsLengthWithIcon);
    setMinimumContentsLength(8);
    view()->setTextElideMode(Qt::ElideMiddle);
    set(QStringLiteral("auto"), tr("Automatic"));
    connect(this, &QComboBox::activated, this, [this](int index) {
        showTip();
        Q_EMIT deviceChosen(itemData(index).toString());
    });
}

void DeviceBox::setDevices(const std::vector<DeviceInfo>& devices)
{
    for (const DeviceInfo& device : devices)
        set(QString::fromStdString(device.id), deviceLabel(device));
    showTip();
}

void DeviceBox::setDevice(const QString& id)
{
    if (findData(id) < 0)
        set(id, id);
    setCurrentIndex(findData(id));
    showTip();
}

void DeviceBox::set(const QString& id, const QString& label)
{
    int index = findData(id);
    if (index < 0) {
        index = count();
        addItem(label, id);
    }
    setItemText(index, label);
    setItemData(index, label, Qt::ToolTipRole);
}

void DeviceBox::showPopup()
{
    Q_EMIT opened();
    QComboBox::showPopup();
}

/// As QComboBox does it, which cuts a long text off at its end: there stands the memory.
void DeviceBox::paintEvent(QPaintEvent*)
{
    QStylePainter painter{this};
    QStyleOptionComboBox option;
    initStyleOption(&option);
    painter.drawComplexControl(QStyle::CC_ComboBox, option);
    const QRect room = style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, this);
    option.currentText = fontMetrics().elidedText(option.currentText, Qt::ElideMiddle, room.width());
    painter.drawControl(QStyle::CE_ComboBoxLabel, option);
}

}
