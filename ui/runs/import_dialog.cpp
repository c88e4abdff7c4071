// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/import_dialog.h"

#include "ui/theme/theme.h"
#include "ui/theme/translated.h"
#include "ui/theme/widgets.h"

#include <QCheckBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QStyle>
#include <QVBoxLayout>

namespace descent {

namespace {

constexpr int lookDelayMs = 300, progressSteps = 1000;
constexpr qsizetype problemsShown = 5;

QString counted(std::int64_t count)
{
    return QLocale{}.toString(static_cast<qlonglong>(count));
}

QString capitalised(QString text)
{
    if (!text.isEmpty())
        text[0] = text[0].toUpper();
    return text;
}

}

ImportDialog::ImportDialog(std::filesystem::path storeFolder, QWidget* parent) : QDialog{parent}, m_storeFolder{std::move(storeFolder)}
{
    setWindowTitle(tr("Import runs"));
    setObjectName(QStringLiteral("importDialog"));
    setMinimumWidth(620);
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(Theme::space4, Theme::space4, Theme::space4, Theme::space4);
    layout->setSpacing(Theme::space2);
    auto* about = makeLabel(tr("Runs of TensorBoard, MLflow (mlruns or mlflow.db), CSV, JSON lines, or a .descent archive. What is here already is not taken again."), "muted");
    about->setWordWrap(true);
    layout->addWidget(about);

    layout->addWidget(makeLabel(tr("From"), "caption"));
    auto* place = new QHBoxLayout;
    m_path = new QLineEdit;
    m_path->setObjectName(QStringLiteral("importPath"));
    m_path->setAccessibleName(tr("File or folder to import"));
    m_path->setPlaceholderText(tr("A file or a folder"));
    m_file = new QPushButton{tr("File…")};
    m_folder = new QPushButton{tr("Folder…")};
    place->addWidget(m_path, 1);
    place->addWidget(m_file);
    place->addWidget(m_folder);
    layout->addLayout(place);
    m_kind = makeLabel({}, "heading");
    m_kind->setObjectName(QStringLiteral("importKind"));
    m_words = makeLabel({}, "muted");
    m_words->setObjectName(QStringLiteral("importWords"));
    m_problems = makeLabel({}, "caption");
    m_problems->setObjectName(QStringLiteral("importProblems"));
    for (QLabel* label : {m_kind, m_words, m_problems}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        layout->addWidget(label);
    }
    m_progress = new QProgressBar;
    m_progress->setRange(0, progressSteps);
    m_progress->setTextVisible(false);
    layout->addWidget(m_progress);

    layout->addWidget(makeLabel(tr("Experiment"), "caption"));
    m_experiment = new QLineEdit;
    m_experiment->setObjectName(QStringLiteral("importExperiment"));
    m_experiment->setAccessibleName(tr("Experiment that the runs belong to"));
    m_experiment->setPlaceholderText(tr("As it is called there"));
    layout->addWidget(m_experiment);
    m_follow = new QCheckBox{tr("Keep following while it grows")};
    m_follow->setObjectName(QStringLiteral("importFollow"));
    layout->addWidget(m_follow);
    layout->addStretch(1);
    auto* foot = new QHBoxLayout;
    m_close = new QPushButton;
    m_close->setObjectName(QStringLiteral("importClose"));
    m_take = new QPushButton;
    m_take->setObjectName(QStringLiteral("importTake"));
    m_take->setProperty("kind", "primary");
    for (QPushButton* button : {m_file, m_folder, m_close, m_take})
        button->setAutoDefault(false);
    m_take->setDefault(true);
    foot->addStretch(1);
    foot->addWidget(m_close);
    foot->addWidget(m_take);
    layout->addLayout(foot);

    m_delay.setSingleShot(true);
    m_delay.setInterval(lookDelayMs);
    connect(&m_delay, &QTimer::timeout, this, &ImportDialog::look);
    connect(m_path, &QLineEdit::textChanged, this, [this] {
        m_seen = {};
        m_isDone = false;
        m_delay.start();
        showState();
    });
    connect(m_file, &QPushButton::clicked, this, [this] { choose(false); });
    connect(m_folder, &QPushButton::clicked, this, [this] { choose(true); });
    connect(m_close, &QPushButton::clicked, this, &ImportDialog::reject);
    connect(m_take, &QPushButton::clicked, this, &ImportDialog::importOrStop);
    showState();
}

ImportDialog::~ImportDialog() = default;

void ImportDialog::setPath(const QString& path)
{
    m_path->setText(path);
    m_delay.stop();
    look();
}

void ImportDialog::choose(bool folder)
{
    const QString chosen = folder ? QFileDialog::getExistingDirectory(this, tr("Import a folder"), m_path->text()) : QFileDialog::getOpenFileName(this, tr("Import a file"), m_path->text());
    if (!chosen.isEmpty())
        setPath(chosen);
}

void ImportDialog::look()
{
    if (m_look)
        m_look->abandon();
    m_look = nullptr;
    m_problems->clear();
    tell({});
    if (!m_path->text().isEmpty()) {
        m_look = new Transfer{m_storeFolder, lookAt(m_path->text().toStdString()), this};
        connect(m_look, &Transfer::progressed, this, &ImportDialog::onSeen);
        connect(m_look, &Transfer::finished, this, [this](const TransferState& state, bool, const Text& problem) {
            m_look->deleteLater();
            m_look = nullptr;
            onSeen(state);
            if (!problem.empty())
                tell(capitalised(translated(problem)), true);
            else if (!state.kind)
                tell(tr("Nothing that can be imported was found there."), true);
            showState();
        });
    }
    showState();
}

QString ImportDialog::updatedWords(const ImportReport& report)
{
    return report.updatedRuns > 0 ? tr("; %1 have gone on since they were taken").arg(counted(report.updatedRuns)) : QString{};
}

void ImportDialog::onSeen(const TransferState& state)
{
    m_seen = state;
    m_progress->setValue(static_cast<int>(state.done * progressSteps));
    if (state.kind) {
        const ImportReport& report = state.report;
        QString words = tr("%1 runs, %2 of them new; %3 values to take, %4 are here already").arg(counted(report.runs), counted(report.newRuns), counted(report.points), counted(report.known));
        if (state.kind == ImportKind::archive)
            words = tr("%1 runs, %2 of them new; %3 values, %4 files").arg(counted(report.runs), counted(report.newRuns), counted(report.points), counted(state.files));
        else if (state.done >= 1)
            words += tr("; %1 series").arg(counted(report.series));
        words += updatedWords(report);
        tell(state.done < 1 && m_look ? tr("Looking: %1 runs, %2 values so far").arg(counted(report.runs), counted(report.points)) : words);
    }
    showState();
}

void ImportDialog::importOrStop()
{
    if (m_import) {
        m_import->stop(); // onFinished follows
        m_take->setEnabled(false);
    } else if (m_isDone) {
        accept();
    } else if (m_seen.kind) {
        begin();
    }
}

void ImportDialog::begin()
{
    if (m_look)
        m_look->abandon(); // a person need not wait until all is counted
    m_look = nullptr;
    m_told = 0;
    m_import = new Transfer{m_storeFolder,
                            importOf({.kind = *m_seen.kind, .path = m_path->text().toStdString(), .experiment = m_experiment->text().trimmed().toStdString()},
                                     m_follow->isChecked() && canBeFollowed(*m_seen.kind)),
                            this};
    connect(m_import, &Transfer::progressed, this, &ImportDialog::onTaken);
    connect(m_import, &Transfer::finished, this, &ImportDialog::onFinished);
    tell(tr("Importing…"));
    showState();
}

void ImportDialog::onTaken(const TransferState& state)
{
    m_progress->setValue(static_cast<int>(state.done * progressSteps));
    const ImportReport& report = state.report;
    const QString counts = tr("%1 runs, %2 values").arg(counted(report.runs), counted(report.points));
    tell(state.isFollowing ? tr("Following: %1 so far").arg(counts) : tr("Importing: %1").arg(counts));
    if (const std::int64_t now = report.points + report.newRuns; state.isFollowing && now != std::exchange(m_told, now))
        Q_EMIT imported();
    showState();
}

void ImportDialog::onFinished(const TransferState& state, bool stopped, const Text& problem)
{
    m_import->deleteLater();
    m_import = nullptr;
    m_isDone = problem.empty() && !stopped;
    const ImportReport& report = state.report;
    if (!problem.empty())
        tell(capitalised(translated(problem)), true);
    else
        tell((stopped ? tr("Stopped: ") : QString{}) + tr("%1 runs, %2 of them new; %3 values taken, %4 were here already")
                                                           .arg(counted(report.runs), counted(report.newRuns), counted(report.points), counted(report.known))
             + updatedWords(report));
    QStringList problems;
    for (const Problem& one : report.problems)
        if (problems.size() < problemsShown)
            problems << translated(one);
    if (report.damaged > problems.size())
        problems << tr("%1 records or lines were left out").arg(counted(report.damaged));
    m_problems->setText(problems.join(u'\n'));
    if (report.points + report.newRuns + report.updatedRuns > 0)
        Q_EMIT imported();
    showState();
    if (m_isClosing)
        QDialog::reject();
}

void ImportDialog::reject()
{
    if (m_look)
        m_look->abandon();
    m_look = nullptr;
    if (!m_import)
        return QDialog::reject();
    m_isClosing = true; // when it has stopped: what it writes is whole
    m_import->stop();
    tell(tr("Stopping…"));
    showState();
}

void ImportDialog::tell(const QString& words, bool wrong)
{
    m_words->setText(words);
    m_words->setProperty("role", wrong ? "danger" : "muted");
    m_words->style()->unpolish(m_words);
    m_words->style()->polish(m_words);
}

void ImportDialog::showState()
{
    const bool isBusy = m_import != nullptr;
    m_kind->setText(m_seen.kind ? capitalised(translated(nameOf(*m_seen.kind))) : QString{});
    m_kind->setVisible(m_seen.kind.has_value());
    m_problems->setVisible(!m_problems->text().isEmpty());
    m_progress->setVisible(isBusy || (m_look && m_seen.kind));
    for (QWidget* field : std::initializer_list<QWidget*>{m_path, m_file, m_folder})
        field->setEnabled(!isBusy);
    const bool isArchive = m_seen.kind == ImportKind::archive;
    m_experiment->setEnabled(!isBusy && !isArchive);
    m_follow->setEnabled(!isBusy && !isArchive);
    m_take->setText(isBusy ? tr("Stop") : m_isDone ? tr("Done") : tr("Import"));
    m_take->setEnabled(!m_isClosing && (isBusy || m_isDone || m_seen.kind.has_value()));
    m_close->setText(isBusy ? tr("Stop and close") : tr("Close"));
    m_close->setEnabled(!m_isClosing);
    m_close->setVisible(!m_isDone);
}

}
