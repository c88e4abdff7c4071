// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/prepare/samples_view.h"

#include "engine/core/data/picture_augmentation.h"
#include "ui/theme/theme.h"
#include "ui/theme/widgets.h"
#include "ui/views/data_views.h"

#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace descent {

namespace {

constexpr int leastSide = 64, mostSide = 128, gap = 6, labelWidth = 190;
constexpr std::int64_t shown = 8;
constexpr std::uint64_t draws = 3;

PictureArray pictureAt(const PictureArray& all, std::int64_t index)
{
    return {.count = 1, .channels = all.channels, .height = all.height, .width = all.width, .pixels = all.picture(index)};
}

QImage imageOf(const PictureArray& pictures, std::int64_t index)
{
    return toImage(pictureAt(pictures, index).pixels, pictures.channels, pictures.height, pictures.width);
}

/// As the network sees them: at the size that preprocessing asks for.
PictureArray sized(const PictureArray& pictures, const std::vector<std::int64_t>& rows, std::int64_t size)
{
    PictureArray result{.count = static_cast<std::int64_t>(rows.size()), .channels = pictures.channels,
                        .height = size > 0 ? size : pictures.height, .width = size > 0 ? size : pictures.width};
    for (const std::int64_t row : rows) {
        PictureArray one = pictureAt(pictures, row);
        if (size > 0) {
            const QImage image = toImage(one.pixels, one.channels, one.height, one.width).scaled(static_cast<int>(size), static_cast<int>(size), Qt::IgnoreAspectRatio, Qt::SmoothTransformation).convertToFormat(QImage::Format_RGB888);
            one.pixels.clear();
            for (std::int64_t channel = 0; channel < one.channels; ++channel)
                for (int y = 0; y < image.height(); ++y)
                    for (int x = 0; x < image.width(); ++x)
                        one.pixels.push_back(image.constScanLine(y)[3 * x + std::min<std::int64_t>(channel, 2)]);
        }
        result.pixels.insert(result.pixels.end(), one.pixels.begin(), one.pixels.end());
    }
    return result;
}

}

PictureRows::PictureRows(QWidget* parent) : QWidget{parent}
{
    QSizePolicy policy{QSizePolicy::Expanding, QSizePolicy::Preferred};
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void PictureRows::setRows(std::vector<Row> rows)
{
    m_rows = std::move(rows);
    setVisible(!m_rows.empty());
    updateGeometry();
    update();
}

int PictureRows::side(int width)
{
    return std::clamp((width - labelWidth) / static_cast<int>(shown) - gap, leastSide, mostSide);
}

int PictureRows::heightForWidth(int width) const
{
    return static_cast<int>(m_rows.size()) * (side(width) + gap);
}

QSize PictureRows::sizeHint() const
{
    const int least = labelWidth + static_cast<int>(shown) * (leastSide + gap);
    return {least, heightForWidth(least)};
}

void PictureRows::paintEvent(QPaintEvent*)
{
    QPainter painter{this};
    painter.setFont(Theme::font(TextStyle::caption));
    const int side = PictureRows::side(width());
    painter.setPen(Theme::instance().colors().muted);
    int y = 0;
    for (const Row& row : m_rows) {
        painter.drawText(QRect{0, y, labelWidth - 10, side}, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextWordWrap, row.label);
        int x = labelWidth;
        for (const QImage& picture : row.pictures) {
            painter.setRenderHint(QPainter::SmoothPixmapTransform, picture.width() > side);
            const QSize size = picture.size().scaled(side, side, Qt::KeepAspectRatio);
            painter.drawImage(QRect{QPoint{x, y}, size}, picture);
            x += side + gap;
        }
        y += side + gap;
    }
}

SamplesView::SamplesView(QWidget* parent) : QWidget{parent}
{
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::space3);
    auto* head = new QHBoxLayout;
    head->addWidget(makeLabel(tr("Augmentation"), "heading"));
    head->addStretch(1);
    m_again = new QPushButton{tr("Draw again")};
    m_again->setObjectName(QStringLiteral("drawAgain"));
    head->addWidget(m_again);
    layout->addLayout(head);
    m_none = makeLabel(tr("Training pictures are seen as they are. Mirroring or shifting them at random makes few pictures go further."), "muted");
    m_none->setWordWrap(true);
    layout->addWidget(m_none);
    m_changed = new PictureRows;
    m_changed->setObjectName(QStringLiteral("augmented"));
    layout->addWidget(m_changed);
    m_alikeTitle = makeLabel(tr("Pictures that are alike"), "heading");
    layout->addWidget(m_alikeTitle);
    m_alike = new PictureRows;
    m_alike->setObjectName(QStringLiteral("alike"));
    layout->addWidget(m_alike);
    layout->addStretch(1);
    connect(m_again, &QPushButton::clicked, this, [this] {
        ++m_draw;
        draw();
    });
}

void SamplesView::setReport(std::shared_ptr<const Dataset> dataset, std::shared_ptr<const QualityReport> report)
{
    m_dataset = std::move(dataset);
    m_report = std::move(report);
    draw();
}

void SamplesView::draw()
{
    if (!m_dataset || !m_report || !m_dataset->hasPictures()) {
        m_drawer = {};
        showDrawn({});
        return;
    }
    m_drawer = std::jthread{[this, dataset = m_dataset, report = m_report, draw = m_draw] {
        Drawn made;
        try {
            made = drawn(*dataset, *report, draw);
        } catch (const DescentError&) { // the pictures' file was damaged: training says so, here there is nothing to show
        }
        QMetaObject::invokeMethod(this, [this, dataset, draw, made = std::move(made)]() mutable {
            if (dataset == m_dataset && draw == m_draw)
                showDrawn(std::move(made));
        });
    }};
}

void SamplesView::showDrawn(Drawn made)
{
    m_changed->setRows(std::move(made.samples));
    m_again->setEnabled(made.augmented);
    m_none->setVisible(!made.augmented);
    m_alikeTitle->setVisible(!made.alike.empty());
    m_alike->setRows(std::move(made.alike));
}

SamplesView::Drawn SamplesView::drawn(const Dataset& dataset, const QualityReport& report, std::uint64_t draw)
{
    const auto& pictures = std::get<PictureArray>(dataset.train.inputs);
    // Of the training part, spread over it.
    std::vector<std::int64_t> learnt, rows;
    for (std::size_t row = 0; row < report.partOf.size(); ++row)
        if (report.partOf[row] == RowPart::train)
            learnt.push_back(static_cast<std::int64_t>(row));
    const auto count = std::min<std::int64_t>(shown, static_cast<std::int64_t>(learnt.size()));
    for (std::int64_t i = 0; i < count; ++i)
        rows.push_back(learnt[static_cast<std::size_t>(i) * learnt.size() / static_cast<std::size_t>(count)]);
    const PicturePreparation& how = report.pictures;
    const PictureArray before = sized(pictures, rows, how.size);
    Drawn made;
    std::vector<PictureRows::Row>& shownRows = made.samples;
    shownRows = {{tr("As they are"), {}}};
    for (std::int64_t i = 0; i < count; ++i)
        shownRows[0].pictures.push_back(imageOf(before, i));
    made.augmented = how.flip || how.cropPadding > 0;
    for (std::uint64_t i = 0; made.augmented && i < draws; ++i) {
        Random random{derivedSeed(draw * draws + i, "augmentation")};
        const PictureArray after = changed(before, drawChanges(count, how.flip, how.cropPadding, random), how.cropPadding, how.statistics);
        shownRows.push_back({i == 0 ? tr("As training may see them") : QString{}, {}});
        for (std::int64_t one = 0; one < count; ++one)
            shownRows.back().pictures.push_back(imageOf(after, one));
    }
    const auto number = [](std::int64_t row) { return QLocale{}.toString(static_cast<qlonglong>(row + 1)); };
    for (const AlikePictures& pair : report.alike) {
        const auto& second = pair.secondIsTest ? std::get<PictureArray>(dataset.test->inputs) : pictures;
        QString label = (pair.exact ? tr("%1 and %2: the same") : tr("%1 and %2: nearly the same")).arg(number(pair.first), pair.secondIsTest ? tr("test %1").arg(number(pair.second)) : number(pair.second));
        if (!pair.sameTarget)
            label += tr(", with different targets");
        made.alike.push_back({label, {imageOf(pictures, pair.first), imageOf(second, pair.second)}});
    }
    return made;
}

}
