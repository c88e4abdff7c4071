// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/try/picture_pad.h"

#include "engine/core/data/picture_array.h"
#include "engine/core/data/picture_files.h"
#include "engine/core/data/written_beside.h"
#include "engine/core/job/finished_run.h"
#include "ui/theme/theme.h"
#include "ui/theme/translated.h"
#include "ui/theme/widgets.h"
#include "ui/try/run_asker.h"
#include "ui/views/data_views.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

namespace descent {

namespace {

constexpr int pictureSide = 248, frame = 6;

/// The number-th of the pictures that the run has not learnt from, beginning anew behind the last.
PicturePad::Kept keptBack(const PreparedData& data, std::int64_t number)
{
    const bool isTest = !data.split.test.empty();
    const std::vector<std::int64_t>& rows = isTest ? data.split.test : data.split.validation;
    const Samples& samples = isTest && data.split.ownTest ? *data.dataset->test : data.dataset->train;
    const PictureArray* pictures = picturesOf(samples);
    if (!pictures || rows.empty())
        throw DescentError{text("this run kept no pictures back")};
    const std::int64_t row = rows[static_cast<std::size_t>(number) % rows.size()];
    const auto i = static_cast<std::size_t>(row);
    PicturePad::Kept kept{.picture = {pictures->channels, pictures->height, pictures->width, pictures->picture(row)}, .truth = {}, .boxes = {}};
    const Targets& targets = samples.targets;
    if (targets.areBoxes())
        kept.boxes = targets.boxes[i];
    else if (targets.areClasses())
        kept.truth = targets.classNames[static_cast<std::size_t>(targets.classes[i])];
    else if (const auto* both = std::get_if<PicturesAndMore>(&samples.inputs))
        kept.truth = writtenBeside(*both, row);
    return kept;
}

}

PicturePad::PicturePad(RunAsker& asker, QWidget* parent) : QWidget{parent}, m_asker{asker}
{
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::space2);
    m_view = makeLabel(tr("Drop a picture here"), "muted");
    m_view->setAlignment(Qt::AlignCenter);
    m_view->setProperty("dropZone", true);
    m_view->setFixedSize(pictureSide + 2 * frame, pictureSide + 2 * frame);
    layout->addWidget(m_view);
    m_truth = new ElidedLabel;
    m_truth->setProperty("role", "caption");
    m_truth->setFixedWidth(pictureSide + 2 * frame);
    layout->addWidget(m_truth);
    auto* buttons = new QHBoxLayout;
    auto* file = new QPushButton{tr("Open a picture…")};
    file->setObjectName(QStringLiteral("padFile"));
    auto* another = new QPushButton{tr("One of the data")};
    another->setObjectName(QStringLiteral("padAnother"));
    another->setToolTip(tr("A picture that the network has not learnt from"));
    buttons->addWidget(file);
    buttons->addWidget(another);
    layout->addLayout(buttons);
    connect(file, &QPushButton::clicked, this, &PicturePad::choose);
    connect(another, &QPushButton::clicked, this, &PicturePad::takeFromData);
}

void PicturePad::setShown(bool shown)
{
    m_view->setVisible(shown);
    m_truth->setVisible(shown);
}

void PicturePad::choose()
{
    const QString file = QFileDialog::getOpenFileName(this, tr("Open a picture"), {}, tr("Pictures (*.png *.jpg *.jpeg)"));
    if (!file.isEmpty())
        open(file);
}

void PicturePad::takeFromData()
{
    Q_EMIT reading();
    m_asker.work(
        [this, number = m_next++](FinishedRun& run, const AskControl&) -> std::function<void()> {
            return [this, kept = keptBack(*run.request().data, number)] { setKept(kept); };
        },
        RunAsker::Place::kept);
}

void PicturePad::open(const QString& file)
{
    Q_EMIT reading();
    m_reader = std::jthread{[this, path = file.toStdString()] {
        Kept kept;
        QString problem;
        try {
            kept.picture = orFail(readPicture(path));
        } catch (const DescentError& error) {
            problem = translated(error.message());
        }
        QMetaObject::invokeMethod(this, [this, kept = std::move(kept), problem]() mutable {
            if (problem.isEmpty())
                setKept(std::move(kept));
            else
                Q_EMIT failed(problem);
        });
    }};
}

void PicturePad::setKept(Kept kept)
{
    m_kept = std::move(kept);
    const Picture& picture = m_kept.picture;
    const QImage image = toImage(picture.pixels, picture.channels, picture.height, picture.width);
    const bool grows = image.width() < pictureSide && image.height() < pictureSide;
    m_view->setPixmap(QPixmap::fromImage(
        image.scaled(pictureSide, pictureSide, Qt::KeepAspectRatio, grows ? Qt::FastTransformation : Qt::SmoothTransformation)));
    m_truth->setText(m_kept.truth.empty() ? QString{} : tr("In the data: %1").arg(QString::fromStdString(m_kept.truth)));
    Q_EMIT changed();
}

}
