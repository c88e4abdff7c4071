// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/backend/backend.h"

#include <QComboBox>

namespace descent {

/// "CUDA:0 · NVIDIA H100 · 80 GB, 75 free"; what is not known is left out.
QString deviceLabel(const DeviceInfo& device);

/// Which device is trained on, each with its memory. A name that is wider than the box loses its middle; the tool tip has all of it.
class DeviceBox : public QComboBox
{
    Q_OBJECT
public:
    explicit DeviceBox(QWidget* parent = nullptr);
    /// Keeps what is chosen; devices that were shown before are brought up to date.
    void setDevices(const std::vector<DeviceInfo>& devices);
    void setDevice(const QString& id); ///< also one that is not here
    void showPopup() override;

Q_SIGNALS:
    void opened(); ///< somebody looks: the free memory may be another by now
    void deviceChosen(const QString& id);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void set(const QString& id, const QString& label);
    void showTip() { setToolTip(currentText()); }
};

}
