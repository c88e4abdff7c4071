// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/export_dialog.h"

#include "ui/theme/theme.h"
#include "ui/theme/translated.h"
#include "ui/theme/widgets.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QStyle>
#include <QVBoxLayout>

namespace descent {

namespace {

constexpr int progressSteps = 1000;

struct KindText {
    ExportKind kind;
    const char *name, *about, *file; ///< file: as it is suggested
};
constexpr KindText kinds[]{
    {ExportKind::archive, QT_TRANSLATE_NOOP("descent::ExportDialog", "Archive for another machine (.descent)"),
     QT_TRANSLATE_NOOP("descent::ExportDialog", "One file with everything: curves, recipe, labels and checkpoints. Importing it twice takes nothing twice."), "runs.descent"},
    {ExportKind::tensorboard, QT_TRANSLATE_NOOP("descent::ExportDialog", "TensorBoard"),
     QT_TRANSLATE_NOOP("descent::ExportDialog", "A folder a run with an event file; the recipe becomes its hparams."), "tensorboard"},
    {ExportKind::mlflow, QT_TRANSLATE_NOOP("descent::ExportDialog", "MLflow"),
     QT_TRANSLATE_NOOP("descent::ExportDialog", "A new database for mlflow ui --backend-store-uri sqlite:///FILE, which a name ending in .db becomes; any other name is the folder of a file store."), "mlflow.db"},
    {ExportKind::csv, QT_TRANSLATE_NOOP("descent::ExportDialog", "Table (CSV)"), QT_TRANSLATE_NOOP("descent::ExportDialog", "The curves: a row a value, or a file a run with a column a series."), "runs.csv"},
    {ExportKind::json, QT_TRANSLATE_NOOP("descent::ExportDialog", "JSON"), QT_TRANSLATE_NOOP("descent::ExportDialog", "Everything that is known of the runs, with all points."), "runs.json"},
};

const KindText& textOf(ExportKind kind)
{
    return *std::find_if(std::begin(kinds), std::end(kinds), [kind](const KindText& text) { return text.kind == kind; });
}

}

ExportDialog::ExportDialog(std::filesystem::path storeFolder, std::vector<RunId> runs, QWidget* parent)
    : QDialog{parent}, m_storeFolder{std::move(storeFolder)}, m_runs{std::move(runs)}
{
    setWindowTitle(tr("Export %n run(s)", nullptr, static_cast<int>(m_runs.size())));
    setObjectName(QStringLiteral("exportDialog"));
    setMinimumWidth(620);
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(Theme::space4, Theme::space4, Theme::space4, Theme::space4);
    layout->setSpacing(Theme::space2);
    layout->addWidget(makeLabel(tr("As"), "caption"));
    m_kinds = new QComboBox;
    m_kinds->setObjectName(QStringLiteral("exportKind"));
    m_kinds->setAccessibleName(tr("What the runs are written as"));
    for (const KindText& kind : kinds)
        m_kinds->addItem(tr(kind.name), static_cast<int>(kind.kind));
    layout->addWidget(m_kinds);
    m_about = makeLabel({}, "muted");
    m_about->setWordWrap(true);
    layout->addWidget(m_about);
    layout->addWidget(makeLabel(tr("To"), "caption"));
    auto* place = new QHBoxLayout;
    m_path = new QLineEdit;
    m_path->setObjectName(QStringLiteral("exportPath"));
    m_path->setAccessibleName(tr("Where to write"));
    m_choose = new QPushButton{tr("Choose…")};
    place->addWidget(m_path, 1);
    place->addWidget(m_choose);
    layout->addLayout(place);
    m_columns = new QCheckBox{tr("A file a run, with a column a series")};
    m_columns->setObjectName(QStringLiteral("exportColumns"));
    m_files = new QCheckBox{tr("With checkpoints")};
    m_files->setObjectName(QStringLiteral("exportFiles"));
    m_files->setChecked(true);
    layout->addWidget(m_columns);
    layout->addWidget(m_files);
    m_words = makeLabel({}, "muted");
    m_words->setObjectName(QStringLiteral("exportWords"));
    m_words->setWordWrap(true);
    m_words->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    layout->addWidget(m_words);
    m_progress = new QProgressBar;
    m_progress->setRange(0, progressSteps);
    m_progress->setTextVisible(false);
    layout->addWidget(m_progress);
    layout->addStretch(1);
    auto* foot = new QHBoxLayout;
    m_close = new QPushButton;
    m_close->setObjectName(QStringLiteral("exportClose"));
    m_write = new QPushButton;
    m_write->setObjectName(QStringLiteral("exportWrite"));
    m_write->setProperty("kind", "primary");
    for (QPushButton* button : {m_choose, m_close, m_write})
        button->setAutoDefault(false);
    m_write->setDefault(true);
    foot->addStretch(1);
    foot->addWidget(m_close);
    foot->addWidget(m_write);
    layout->addLayout(foot);

    connect(m_kinds, &QComboBox::currentIndexChanged, this, &ExportDialog::showKind);
    connect(m_columns, &QCheckBox::toggled, this, &ExportDialog::showKind);
    connect(m_path, &QLineEdit::textChanged, this, [this] {
        m_isDone = false;
        showState();
    });
    connect(m_choose, &QPushButton::clicked, this, &ExportDialog::choose);
    connect(m_close, &QPushButton::clicked, this, &ExportDialog::reject);
    connect(m_write, &QPushButton::clicked, this, &ExportDialog::exportOrStop);
    showKind();
}

ExportKind ExportDialog::kind() const
{
    return static_cast<ExportKind>(m_kinds->currentData().toInt());
}

void ExportDialog::showKind()
{
    const KindText& text = textOf(kind());
    m_about->setText(tr(text.about));
    m_columns->setVisible(kind() == ExportKind::csv);
    m_files->setVisible(kind() == ExportKind::archive);
    if (m_path->text() == m_suggested) {
        const bool isFolder = kind() == ExportKind::csv && m_columns->isChecked();
        m_suggested = QDir::home().filePath(isFolder ? QStringLiteral("runs") : QString::fromUtf8(text.file));
        m_path->setText(m_suggested);
    }
    m_isDone = false;
    tell({});
    showState();
}

void ExportDialog::choose()
{
    const bool isFolder = kind() == ExportKind::tensorboard || (kind() == ExportKind::csv && m_columns->isChecked());
    const QString chosen = isFolder ? QFileDialog::getExistingDirectory(this, tr("Export to a folder"), m_path->text()) : QFileDialog::getSaveFileName(this, tr("Export to a file"), m_path->text());
    if (!chosen.isEmpty())
        m_path->setText(chosen);
}

void ExportDialog::exportOrStop()
{
    if (m_export) {
        m_export->stop(); // onFinished follows
        return;
    }
    if (m_isDone)
        return accept();
    m_export = new Transfer{m_storeFolder,
                            exportOf(m_runs, {.kind = kind(), .to = m_path->text().toStdString(), .columns = m_columns->isChecked(), .files = m_files->isChecked()}), this};
    connect(m_export, &Transfer::progressed, this, [this](const TransferState& state) { m_progress->setValue(static_cast<int>(state.done * progressSteps)); });
    connect(m_export, &Transfer::finished, this, &ExportDialog::onFinished);
    m_progress->setValue(0);
    tell(tr("Writing…"));
    showState();
}

void ExportDialog::onFinished(const TransferState& state, bool stopped, const Text& problem)
{
    m_export->deleteLater();
    m_export = nullptr;
    m_isDone = problem.empty() && !stopped;
    if (!problem.empty()) {
        tell(translated(problem), true);
    } else if (stopped) {
        tell(tr("Stopped: what was not finished is not there."));
    } else {
        QStringList files;
        for (const std::filesystem::path& file : state.written)
            files << QString::fromStdString(file.string());
        tell(files.size() == 1 ? tr("Written: %1").arg(files.front()) : tr("Written: %n file(s), the first is %1", nullptr, static_cast<int>(files.size())).arg(files.value(0)));
        Q_EMIT exported(files);
    }
    showState();
    if (m_isClosing)
        QDialog::reject();
}

void ExportDialog::reject()
{
    if (!m_export)
        return QDialog::reject();
    m_isClosing = true; // when it has stopped
    m_export->stop();
    tell(tr("Stopping…"));
    showState();
}

void ExportDialog::tell(const QString& words, bool wrong)
{
    m_words->setText(words.isEmpty() ? words : words.left(1).toUpper() + words.mid(1));
    m_words->setProperty("role", wrong ? "danger" : "muted");
    m_words->style()->unpolish(m_words);
    m_words->style()->polish(m_words);
}

void ExportDialog::showState()
{
    const bool isBusy = m_export != nullptr;
    for (QWidget* field : std::initializer_list<QWidget*>{m_kinds, m_path, m_choose, m_columns, m_files})
        field->setEnabled(!isBusy);
    m_progress->setVisible(isBusy);
    m_write->setText(isBusy ? tr("Stop") : m_isDone ? tr("Done") : tr("Export"));
    m_write->setEnabled(!m_isClosing && (isBusy || m_isDone || (!m_runs.empty() && !m_path->text().trimmed().isEmpty())));
    m_close->setText(isBusy ? tr("Stop and close") : tr("Close"));
    m_close->setEnabled(!m_isClosing);
    m_close->setVisible(!m_isDone);
}

}
