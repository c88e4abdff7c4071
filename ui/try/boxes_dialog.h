// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/try/try_dialog.h"

class QSlider;

namespace descent {

class BoxPanel;
class PicturePad;

/// Shows a detector a picture, and what it finds there; those it is less sure of can be drawn in and left out.
class BoxesDialog : public TryDialog
{
    Q_OBJECT
public:
    explicit BoxesDialog(TriedRun run, QWidget* parent = nullptr);

protected:
    void takeFile(const QString& path) override;

private:
    void ask();
    void showBoxes();

    DetectionAnswer m_answer; // with all that it is a little sure of
    PicturePad* m_pad = nullptr;
    BoxPanel* m_panel = nullptr;
    QSlider* m_least = nullptr;
};

}
