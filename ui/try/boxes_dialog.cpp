// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/try/boxes_dialog.h"

#include "ui/theme/widgets.h"
#include "ui/try/picture_pad.h"
#include "ui/views/box_views.h"

#include <QLabel>
#include <QSlider>
#include <QVBoxLayout>

namespace descent {

namespace {

constexpr int leastPercent = 5, usualPercent = 30;

}

BoxesDialog::BoxesDialog(TriedRun run, QWidget* parent) : TryDialog{std::move(run), "boxesDialog", parent}
{
    m_pad = new PicturePad{asker()};
    m_pad->setShown(false); // the answer shows it
    askingColumn()->addWidget(m_pad);
    auto* label = makeLabel({}, "caption");
    askingColumn()->addWidget(label);
    m_least = new QSlider{Qt::Horizontal};
    m_least->setObjectName(QStringLiteral("leastScore"));
    m_least->setRange(leastPercent, 95);
    askingColumn()->addWidget(m_least);
    askingColumn()->addStretch(1);
    m_panel = new BoxPanel;
    answerColumn()->addWidget(scrolled(m_panel), 1);
    setState(tr("Open a picture, drop one here, or take one of the data: the network says what stands on it, and where."));
    connect(m_least, &QSlider::valueChanged, this, [this, label](int percent) {
        label->setText(tr("Boxes it is sure of by %1 % at least").arg(percent));
        m_least->setAccessibleName(label->text());
        showBoxes();
    });
    m_least->setValue(usualPercent);
    watch(*m_pad);
    connect(m_pad, &PicturePad::changed, this, &BoxesDialog::ask);
    connect(&asker(), &RunAsker::answered, this, [this](const Answer& answer) {
        m_answer = std::get<DetectionAnswer>(answer);
        showBoxes();
    });
}

void BoxesDialog::takeFile(const QString& path)
{
    m_pad->open(path);
}

void BoxesDialog::ask()
{
    setState(tr("Looking…"));
    asker().ask(DetectionQuestion{.picture = m_pad->kept().picture, .leastScore = leastPercent / 100.0});
}

void BoxesDialog::showBoxes()
{
    if (m_answer.classNames.empty())
        return;
    const PicturePad::Kept& kept = m_pad->kept();
    DetectionPreview preview;
    preview.pictures.push_back({.index = 0, .pixels = kept.picture.pixels, .channels = kept.picture.channels, .height = kept.picture.height,
                                .width = kept.picture.width, .found = {}, .truth = kept.boxes});
    auto& found = preview.pictures.front().found;
    for (const DetectedBox& box : m_answer.boxes)
        if (box.score * 100 >= static_cast<float>(m_least->value()))
            found.push_back(box);
    setState(found.empty() ? tr("Nothing is found that it is so sure of.") : tr("%n found", nullptr, static_cast<int>(found.size())));
    m_panel->clear();
    m_panel->setClassNames(m_answer.classNames);
    m_panel->setPreview(preview);
}

}
