// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/try/faces_dialog.h"

#include "ui/theme/theme.h"
#include "ui/theme/widgets.h"
#include "ui/try/picture_pad.h"

#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <optional>

namespace descent {

namespace {

constexpr int rowHeight = 38;
constexpr std::size_t mostShown = 8;

FaceDesk& deskOf(std::optional<FaceDesk>& desk, FinishedRun& run)
{
    if (!desk)
        desk = orFail(FaceDesk::at(run));
    return *desk;
}

QString cosineText(double cosine)
{
    return QString::number(cosine, 'f', 3);
}

}

NearestFaces::NearestFaces(QWidget* parent) : QWidget{parent}
{
    setObjectName(QStringLiteral("nearestFaces"));
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void NearestFaces::setMatches(const FaceGallery& gallery, std::vector<FaceMatch> matches)
{
    m_matches = std::move(matches);
    m_matches.resize(std::min(mostShown, m_matches.size()));
    m_threshold = gallery.threshold;
    m_names.clear();
    for (const FaceMatch& match : m_matches)
        m_names << QString::fromStdString(gallery.people[static_cast<std::size_t>(match.person)].name);
    setAccessibleDescription(m_names.isEmpty() ? QString{} : tr("Nearest: %1").arg(m_names.front()));
    setMinimumHeight(sizeHint().height());
    updateGeometry();
    update();
}

QSize NearestFaces::sizeHint() const
{
    return {240, static_cast<int>(m_matches.size()) * rowHeight};
}

void NearestFaces::paintEvent(QPaintEvent*)
{
    const ColorTokens& colors = Theme::instance().colors();
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(Theme::font(TextStyle::body));
    const QFontMetrics metrics = painter.fontMetrics();
    const int numberWidth = metrics.horizontalAdvance(QStringLiteral("-0.000")) + 8;
    const auto along = [this](double cosine) { return std::clamp(cosine, 0.0, 1.0) * width(); };
    for (int i = 0; i < m_names.size(); ++i) {
        const FaceMatch& match = m_matches[static_cast<std::size_t>(i)];
        const int y = i * rowHeight;
        painter.setPen(match.accepted ? colors.text : colors.muted);
        painter.drawText(QRect{0, y, width() - numberWidth, 22}, Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(m_names.at(i), Qt::ElideMiddle, width() - numberWidth));
        painter.drawText(QRect{width() - numberWidth, y, numberWidth, 22}, Qt::AlignRight | Qt::AlignVCenter, cosineText(match.score));
        painter.setPen(Qt::NoPen);
        painter.setBrush(colors.grid);
        painter.drawRoundedRect(QRectF{0, y + 24.0, static_cast<double>(width()), 6}, 3, 3);
        painter.setBrush(match.accepted ? colors.accent : colors.muted);
        if (const double length = along(match.score); length >= 1)
            painter.drawRoundedRect(QRectF{0, y + 24.0, length, 6}, std::min(3.0, length / 2), 3);
        painter.setPen(QPen{colors.text, 1.5});
        painter.drawLine(QPointF{along(m_threshold), y + 22.0}, QPointF{along(m_threshold), y + 32.0});
    }
}

FacesDialog::FacesDialog(TriedRun run, QWidget* parent) : TryDialog{std::move(run), "facesDialog", parent}
{
    resize(980, 620);
    m_pad = new PicturePad{asker()};
    m_pad->setObjectName(QStringLiteral("facePad"));
    askingColumn()->addWidget(m_pad);
    askingColumn()->addStretch(1);

    m_enrolled = makeLabel({}, "muted");
    m_enrolled->setObjectName(QStringLiteral("enrolled"));
    m_enrolled->setWordWrap(true);
    auto* columns = new QHBoxLayout;
    columns->setSpacing(Theme::space4);
    auto* who = new QVBoxLayout;
    who->addWidget(makeLabel(tr("Who is it?"), "heading"));
    auto* people = new QHBoxLayout;
    auto* button = new QPushButton{tr("Enrol people…")};
    button->setObjectName(QStringLiteral("enrol"));
    button->setToolTip(tr("A folder with a folder of pictures for each person, named after them"));
    people->addWidget(button);
    people->addWidget(makeLabel(tr("strangers let in"), "caption"));
    m_falseAccepts = new QDoubleSpinBox;
    m_falseAccepts->setObjectName(QStringLiteral("falseAccepts"));
    m_falseAccepts->setRange(0, 50);
    m_falseAccepts->setDecimals(1);
    m_falseAccepts->setSuffix(tr(" %"));
    m_falseAccepts->setValue(1);
    m_falseAccepts->setToolTip(tr("So many of the people whom it does not know may be taken for one whom it knows: this sets the threshold"));
    m_falseAccepts->setAccessibleName(tr("Strangers let in"));
    people->addWidget(m_falseAccepts);
    people->addStretch(1);
    who->addLayout(people);
    who->addWidget(m_enrolled);
    m_nearest = new NearestFaces;
    who->addWidget(scrolled(m_nearest), 1);
    columns->addLayout(who, 1);
    auto* same = new QVBoxLayout;
    same->addWidget(makeLabel(tr("The same person?"), "heading"));
    m_other = new PicturePad{asker()};
    m_other->setObjectName(QStringLiteral("otherPad"));
    same->addWidget(m_other);
    m_verdict = makeLabel({}, "heading");
    m_verdict->setObjectName(QStringLiteral("verdict"));
    m_verdict->setWordWrap(true);
    same->addWidget(m_verdict);
    same->addStretch(1);
    columns->addLayout(same);
    answerColumn()->addLayout(columns, 1);

    setState(tr("Open a picture on the left, or drop one. Enrol people to ask who it shows; open a second one to ask whether both show one person."));
    connect(button, &QPushButton::clicked, this, [this] {
        if (const QString folder = QFileDialog::getExistingDirectory(this, tr("A folder with a folder for each person")); !folder.isEmpty())
            enrol(folder);
    });
    for (PicturePad* pad : {m_pad, m_other}) {
        watch(*pad);
        connect(pad, &PicturePad::changed, this, &FacesDialog::look);
    }
}

void FacesDialog::takeFile(const QString& path)
{
    if (QFileInfo{path}.isDir())
        enrol(path);
    else
        m_pad->open(path);
}

void FacesDialog::enrol(const QString& folder)
{
    setState(tr("Enrolling the people in %1…").arg(QFileInfo{folder}.fileName()));
    asker().work([this, slot = m_desk, folder = folder.toStdString(), share = m_falseAccepts->value() / 100](FinishedRun& run, const AskControl& control) -> std::function<void()> {
        const Dataset people = orFail(findDatasetKind("image-folder")->load({{"path", folder}}, {.stop = control.stop}));
        FaceDesk& desk = deskOf(*slot, run);
        const FaceGallery gallery = orFail(desk.enrol(people, share, desk.usualGallery(), control));
        return [this, count = gallery.people.size(), threshold = gallery.threshold] {
            m_enrolled->setText(tr("%n people enrolled; from a cosine of %1 on, a face counts as one of them.", nullptr, static_cast<int>(count)).arg(cosineText(threshold)));
            setState({});
            if (!m_pad->isEmpty())
                look();
        };
    }, RunAsker::Place::kept);
}

void FacesDialog::look()
{
    if (m_pad->isEmpty()) {
        setState(tr("Open a picture on the left as well."));
        return;
    }
    setState(tr("Looking…"));
    const bool two = !m_other->isEmpty();
    asker().work([this, slot = m_desk, two, first = m_pad->kept().picture, second = m_other->kept().picture,
                  share = m_falseAccepts->value() / 100](FinishedRun& run, const AskControl& control) -> std::function<void()> {
        FaceDesk& desk = deskOf(*slot, run);
        std::optional<FaceDesk::Verification> verification;
        if (two)
            verification = desk.verify(first, second, share, control);
        const Result<FaceGallery> gallery = desk.gallery(desk.usualGallery());
        std::vector<FaceMatch> matches;
        if (gallery)
            matches = desk.identify(*gallery, first, control);
        return [this, verification, gallery, matches] {
            setState({});
            if (verification) {
                m_verdict->setText(verification->same ? tr("The same person") : tr("Different people"));
                setState(tr("Between both pictures: cosine %1, threshold %2.").arg(cosineText(verification->cosine), cosineText(verification->threshold)));
            }
            if (!gallery) {
                m_enrolled->setText(tr("Nobody is enrolled yet."));
                return;
            }
            const bool known = !matches.empty() && matches.front().accepted;
            const QString name = known ? QString::fromStdString(gallery->people[static_cast<std::size_t>(matches.front().person)].name) : QString{};
            m_enrolled->setText((known ? tr("This is %1.").arg(name) : tr("Nobody who is enrolled."))
                                + QLatin1Char(' ') + tr("%n people enrolled; from a cosine of %1 on, a face counts as one of them.", nullptr,
                                                        static_cast<int>(gallery->people.size())).arg(cosineText(gallery->threshold)));
            m_nearest->setMatches(*gallery, matches);
        };
    });
}

}
