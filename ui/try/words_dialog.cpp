// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/train/words_dialog.h"

#include "engine/core/base/files.h"
#include "ui/theme/theme.h"
#include "ui/theme/translated.h"
#include "ui/theme/widgets.h"
#include "ui/train/data_views.h"
#include "ui/train/run_asker.h"

#include <QCheckBox>
#include <QDropEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QMimeData>
#include <QPainter>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QShortcut>
#include <QVBoxLayout>

#include <algorithm>
#include <numeric>
#include <span>

namespace descent {

namespace {

constexpr int pictureSide = 260, barRow = 38, mostLines = 1000;
constexpr std::size_t largestPicture = 64 << 20;

/// The test pictures where there are some: the network has not learnt from those.
const Samples& shownSamples(const Dataset& dataset)
{
    return dataset.test ? *dataset.test : dataset.train;
}

}

WordBars::WordBars(QWidget* parent) : QWidget{parent}
{
    setObjectName(QStringLiteral("wordBars"));
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void WordBars::setWords(const QStringList& words, const std::vector<double>& probabilities)
{
    std::vector<std::size_t> order(probabilities.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return probabilities[a] > probabilities[b]; });
    m_words.clear();
    m_probabilities.clear();
    for (const std::size_t i : order) {
        m_words << words.at(static_cast<int>(i));
        m_probabilities.push_back(probabilities[i]);
    }
    setAccessibleDescription(m_words.isEmpty() ? QString{} : tr("Likeliest: %1").arg(m_words.front()));
    setMinimumHeight(sizeHint().height());
    updateGeometry();
    update();
}

QSize WordBars::sizeHint() const
{
    return {240, static_cast<int>(m_words.size()) * barRow};
}

void WordBars::paintEvent(QPaintEvent*)
{
    const ColorTokens& colors = Theme::instance().colors();
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(Theme::font(TextStyle::body));
    const QFontMetrics metrics = painter.fontMetrics();
    const int shareWidth = metrics.horizontalAdvance(QStringLiteral("100.0 %")) + 8;
    for (int i = 0; i < m_words.size(); ++i) {
        const double share = m_probabilities[static_cast<std::size_t>(i)];
        const int y = i * barRow;
        painter.setPen(i == 0 ? colors.text : colors.muted);
        painter.drawText(QRect{0, y, width() - shareWidth, 22}, Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(m_words.at(i), Qt::ElideMiddle, width() - shareWidth));
        painter.drawText(QRect{width() - shareWidth, y, shareWidth, 22}, Qt::AlignRight | Qt::AlignVCenter,
                         QStringLiteral("%1 %").arg(100 * share, 0, 'f', 1));
        painter.setPen(Qt::NoPen);
        painter.setBrush(colors.grid);
        painter.drawRoundedRect(QRectF{0, y + 24.0, static_cast<double>(width()), 6}, 3, 3);
        painter.setBrush(i == 0 ? colors.accent : colors.muted);
        if (const double length = share * width(); length >= 1)
            painter.drawRoundedRect(QRectF{0, y + 24.0, length, 6}, std::min(3.0, length / 2), 3);
    }
}

WordsDialog::WordsDialog(const std::filesystem::path& storeFolder, std::int64_t run, const QString& name, std::shared_ptr<const Dataset> dataset,
                         QWidget* parent)
    : QDialog{parent}, m_dataset{std::move(dataset)}
{
    setWindowTitle(tr("Try %1").arg(name));
    setObjectName(QStringLiteral("wordsDialog"));
    setAcceptDrops(true);
    resize(820, 540);
    m_asker = new RunAsker{storeFolder, this};
    m_asker->setRun(run);
    auto* layout = new QHBoxLayout{this};
    layout->setContentsMargins(Theme::space4, Theme::space4, Theme::space4, Theme::space4);
    layout->setSpacing(Theme::space4);

    auto* side = new QVBoxLayout;
    side->setSpacing(Theme::space2);
    m_view = makeLabel(tr("Drop a picture here"), "muted");
    m_view->setAlignment(Qt::AlignCenter);
    m_view->setFixedSize(pictureSide, pictureSide);
    side->addWidget(m_view);
    auto* buttons = new QHBoxLayout;
    auto* file = new QPushButton{tr("Open a picture…")};
    file->setObjectName(QStringLiteral("wordsFile"));
    auto* another = new QPushButton{tr("One of the data")};
    another->setObjectName(QStringLiteral("wordsAnother"));
    another->setToolTip(tr("A test picture, which the network has not learnt from"));
    another->setVisible(m_dataset && std::holds_alternative<PicturesAndMore>(m_dataset->train.inputs));
    buttons->addWidget(file);
    buttons->addWidget(another);
    side->addLayout(buttons);
    side->addWidget(makeLabel(tr("Words to choose from, one a line"), "caption"));
    m_words = new QPlainTextEdit;
    m_words->setObjectName(QStringLiteral("wordsField"));
    m_words->setAccessibleName(tr("Words to choose from, one a line"));
    m_words->setTabChangesFocus(true);
    m_words->setMaximumBlockCount(mostLines);
    side->addWidget(m_words, 1);
    m_captions = new QCheckBox{tr("These are whole captions")};
    m_captions->setToolTip(tr("Else each is put into the recipe's sentence for a class."));
    side->addWidget(m_captions);
    m_ask = new QPushButton{tr("Which fits?")};
    m_ask->setObjectName(QStringLiteral("wordsAsk"));
    m_ask->setProperty("kind", "primary");
    m_ask->setToolTip(tr("Ask the network (Ctrl+Return)"));
    side->addWidget(m_ask);
    layout->addLayout(side);

    auto* answers = new QVBoxLayout;
    answers->setSpacing(Theme::space2);
    m_state = makeLabel({}, "muted");
    m_state->setObjectName(QStringLiteral("wordsState"));
    m_state->setWordWrap(true);
    answers->addWidget(m_state);
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* holder = new QWidget;
    holder->setProperty("scrollBody", true);
    auto* holderLayout = new QVBoxLayout{holder};
    m_bars = new WordBars;
    holderLayout->addWidget(m_bars);
    holderLayout->addStretch(1);
    scroll->setWidget(holder);
    answers->addWidget(scroll, 1);
    layout->addLayout(answers, 1);

    connect(file, &QPushButton::clicked, this, &WordsDialog::chooseFile);
    connect(another, &QPushButton::clicked, this, [this] {
        takeFromData();
        ask();
    });
    connect(m_ask, &QPushButton::clicked, this, &WordsDialog::ask);
    connect(new QShortcut{QKeySequence{Qt::CTRL | Qt::Key_Return}, this}, &QShortcut::activated, this, &WordsDialog::ask);
    connect(m_asker, &RunAsker::answered, this, [this](const Answer& answer) {
        if (const auto* words = std::get_if<WordsAnswer>(&answer))
            show(*words);
    });
    connect(m_asker, &RunAsker::failed, this, [this](const QString& message) { m_state->setText(tr("This did not work: %1").arg(message)); });
    if (m_dataset) {
        QStringList names;
        for (const std::string& one : m_dataset->train.targets.classNames)
            names << QString::fromStdString(one);
        m_words->setPlainText(names.join(QLatin1Char('\n')));
        takeFromData();
    }
    if (m_picture.pixels.empty() || m_words->toPlainText().isEmpty())
        m_state->setText(tr("A picture, some words for what it may show: the network says which fits. Words of classes that it was never shown "
                            "may be among them."));
    else
        ask();
}

void WordsDialog::takeFromData()
{
    const auto* both = m_dataset ? std::get_if<PicturesAndMore>(&shownSamples(*m_dataset).inputs) : nullptr;
    if (!both || both->pictures.count == 0)
        return;
    const PictureArray& pictures = both->pictures;
    const auto* pixels = pictures.pixels.data() + m_nextOfData++ % pictures.count * pictures.pictureBytes();
    setPicture({pictures.channels, pictures.height, pictures.width, {pixels, pixels + pictures.pictureBytes()}});
}

void WordsDialog::chooseFile()
{
    const QString file = QFileDialog::getOpenFileName(this, tr("Open a picture"), {}, tr("Pictures (*.png *.jpg *.jpeg)"));
    if (!file.isEmpty())
        readPicture(file);
}

void WordsDialog::readPicture(const QString& file)
{
    m_state->setText(tr("Reading the picture…"));
    m_reader = std::jthread{[this, path = file.toStdString()] {
        Result<Picture> picture;
        QString problem;
        try {
            const std::string bytes = readFile(path, largestPicture);
            picture = decodePicture(std::as_bytes(std::span{bytes}));
            if (!picture)
                problem = translated(picture.problems.front().message);
        } catch (const DescentError& error) {
            problem = translated(error.message());
        }
        QMetaObject::invokeMethod(this, [this, picture, problem] {
            if (!picture) {
                m_state->setText(tr("This did not work: %1").arg(problem));
                return;
            }
            setPicture(*picture);
            ask();
        });
    }};
}

void WordsDialog::setPicture(Picture picture)
{
    m_picture = std::move(picture);
    const QImage image = toImage(m_picture.pixels, m_picture.channels, m_picture.height, m_picture.width);
    const bool grows = image.width() < pictureSide && image.height() < pictureSide;
    m_view->setPixmap(QPixmap::fromImage(
        image.scaled(pictureSide, pictureSide, Qt::KeepAspectRatio, grows ? Qt::FastTransformation : Qt::SmoothTransformation)));
}

void WordsDialog::ask()
{
    m_asked.clear();
    for (const QString& line : m_words->toPlainText().split(QLatin1Char('\n')))
        if (!line.trimmed().isEmpty() && !m_asked.contains(line.trimmed()))
            m_asked << line.trimmed();
    if (m_picture.pixels.empty() || m_asked.isEmpty()) {
        m_state->setText(m_picture.pixels.empty() ? tr("Open a picture first.") : tr("Write some words first, one a line."));
        return;
    }
    WordsQuestion question{.picture = m_picture, .words = {}, .areCaptions = m_captions->isChecked()};
    for (const QString& words : m_asked)
        question.words.push_back(words.toStdString());
    m_state->setText(tr("Looking…"));
    m_asker->ask(question);
}

void WordsDialog::show(const WordsAnswer& answer)
{
    m_bars->setWords(m_asked, answer.probabilities);
    QStringList unknown;
    for (const std::string& word : answer.unknown)
        unknown << QString::fromStdString(word);
    m_state->setText(unknown.isEmpty() ? tr("Which of the words fits, by the network:")
                                       : tr("The network has never read: %1").arg(unknown.join(QStringLiteral(", "))));
}

void WordsDialog::dragEnterEvent(QDragEnterEvent* event)
{
    if (event->mimeData()->hasUrls() && event->mimeData()->urls().front().isLocalFile())
        event->acceptProposedAction();
}

void WordsDialog::dropEvent(QDropEvent* event)
{
    readPicture(event->mimeData()->urls().front().toLocalFile());
    event->acceptProposedAction();
}

}
