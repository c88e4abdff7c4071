// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/history_care_dialog.h"

#include "ui/theme/theme.h"
#include "ui/theme/translated.h"
#include "ui/theme/widgets.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QLocale>
#include <QMessageBox>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

namespace descent {

namespace {

QString written(std::int64_t bytes)
{
    return QLocale{}.formattedDataSize(bytes, 1, QLocale::DataSizeSIFormat);
}

}

HistoryCareDialog::HistoryCareDialog(std::filesystem::path folder, std::vector<RunId> chosen, QWidget* parent)
    : QDialog{parent}, m_folder{std::move(folder)}, m_chosen{std::move(chosen)}
{
    setWindowTitle(tr("Look after the history"));
    setMinimumWidth(520);
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(Theme::space5, Theme::space4, Theme::space5, Theme::space4);
    layout->setSpacing(Theme::space3);
    layout->addWidget(makeFreeing());
    layout->addWidget(makeLine());
    layout->addWidget(makeCare());
    m_result = makeLabel({}, "muted");
    m_result->setObjectName(QStringLiteral("careResult"));
    m_result->setWordWrap(true);
    layout->addWidget(m_result);
    m_progress = new QProgressBar;
    m_progress->setTextVisible(false);
    m_progress->setFixedHeight(6);
    layout->addWidget(m_progress);
    auto* foot = new QHBoxLayout;
    foot->addStretch(1);
    m_cancel = new QPushButton{tr("Cancel")};
    auto* close = new QPushButton{tr("Close")};
    foot->addWidget(m_cancel);
    foot->addWidget(close);
    layout->addLayout(foot);
    connect(m_cancel, &QPushButton::clicked, this, [this] { m_worker.request_stop(); });
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    connect(this, &QDialog::finished, this, [this] {
        m_worker.request_stop();
        if (!m_busy) // else when that has ended: nobody waits for it
            deleteLater();
    });
    setBusy(false);
    plan();
}

HistoryCareDialog::~HistoryCareDialog()
{
    m_worker.request_stop();
}

QWidget* HistoryCareDialog::makeFreeing()
{
    auto* part = new QWidget;
    auto* layout = new QVBoxLayout{part};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(makeLabel(tr("Room that checkpoints take"), "heading"));
    layout->addWidget(makeLabel(tr("Figures, curves and recipes are kept in any case."), "muted"));
    auto* form = new QFormLayout;
    m_keep = new QComboBox;
    m_keep->setObjectName(QStringLiteral("keepCheckpoints"));
    m_keep->addItem(tr("the best network"), static_cast<int>(RetentionRule::Keep::best));
    m_keep->addItem(tr("the best network and the newest checkpoint"), static_cast<int>(RetentionRule::Keep::bestAndNewest));
    m_keep->addItem(tr("nothing"), static_cast<int>(RetentionRule::Keep::nothing));
    form->addRow(tr("Keep"), m_keep);
    m_days = new QSpinBox;
    m_days->setObjectName(QStringLiteral("olderThanDays"));
    m_days->setButtonSymbols(QSpinBox::NoButtons); // arrow keys and the wheel do it
    m_days->setRange(0, 10'000);
    m_days->setValue(30);
    m_days->setSuffix(tr(" days ago or earlier"));
    form->addRow(tr("Of runs that ended"), m_days);
    m_starred = new QCheckBox{tr("Starred runs too")};
    form->addRow({}, m_starred);
    m_onlyChosen = new QCheckBox{m_chosen.size() == 1 ? tr("Only the selected run") : tr("Only the %1 selected runs").arg(m_chosen.size())};
    m_onlyChosen->setVisible(!m_chosen.empty());
    form->addRow({}, m_onlyChosen);
    layout->addLayout(form);
    auto* line = new QHBoxLayout;
    m_planned = makeLabel({});
    m_planned->setObjectName(QStringLiteral("plannedRoom"));
    m_planned->setWordWrap(true);
    line->addWidget(m_planned, 1);
    m_free = new QPushButton{tr("Free…")};
    m_free->setObjectName(QStringLiteral("freeRoom"));
    m_free->setProperty("kind", "danger");
    line->addWidget(m_free);
    layout->addLayout(line);
    connect(m_keep, &QComboBox::currentIndexChanged, this, &HistoryCareDialog::plan);
    connect(m_days, &QSpinBox::valueChanged, this, &HistoryCareDialog::plan);
    connect(m_starred, &QCheckBox::toggled, this, &HistoryCareDialog::plan);
    connect(m_onlyChosen, &QCheckBox::toggled, this, &HistoryCareDialog::plan);
    connect(m_free, &QPushButton::clicked, this, &HistoryCareDialog::free);
    return part;
}

QWidget* HistoryCareDialog::makeCare()
{
    auto* part = new QWidget;
    auto* layout = new QVBoxLayout{part};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(makeLabel(tr("The file with all runs"), "heading"));
    auto* file = new ElidedLabel{QString::fromStdString((m_folder / "descent.db").string())};
    file->setProperty("role", "muted");
    layout->addWidget(file);
    auto* line = new QHBoxLayout;
    const auto button = [&](const char* name, const QString& text, const QString& help) {
        auto* made = new QPushButton{text};
        made->setObjectName(QString::fromLatin1(name));
        made->setToolTip(help);
        line->addWidget(made);
        return made;
    };
    m_check = button("checkHistory", tr("Check"), tr("Reads all of it and says what is wrong"));
    m_backUp = button("backUpHistory", tr("Back up…"), tr("A copy of everything but the checkpoints, also while runs are under way"));
    m_vacuum = button("vacuumHistory", tr("Give room back"), tr("What was deleted is given back to the disk; takes as much room while it works"));
    line->addStretch(1);
    layout->addLayout(line);
    connect(m_check, &QPushButton::clicked, this, [this] {
        start(tr("Reading everything…"),
              [](RunStore& store, const std::stop_token& stop) {
                  QStringList sentences;
                  for (const Text& sentence : store.check(stop))
                      sentences << translated(sentence);
                  return stop.stop_requested() ? tr("Not read to its end.") : sentences.isEmpty() ? tr("The history is sound.") : sentences.mid(0, 12).join(QLatin1Char('\n'));
              },
              {});
    });
    connect(m_backUp, &QPushButton::clicked, this, &HistoryCareDialog::backUp);
    connect(m_vacuum, &QPushButton::clicked, this, [this] {
        start(tr("Giving room back…"), [](RunStore& store, const std::stop_token&) { return tr("%1 are free now.").arg(written(store.vacuum())); }, {});
    });
    return part;
}

void HistoryCareDialog::setBusy(bool busy)
{
    m_busy = busy;
    for (QPushButton* button : {m_check, m_backUp, m_vacuum})
        button->setEnabled(!busy);
    m_free->setEnabled(!busy && !m_plan.files.empty());
    m_cancel->setEnabled(busy);
    m_progress->setVisible(busy);
    m_progress->setRange(0, 0);
}

void HistoryCareDialog::start(const QString& what, std::function<QString(RunStore&, const std::stop_token&)> work, std::function<void()> then)
{
    if (!what.isEmpty())
        m_result->setText(what);
    setBusy(true);
    m_worker = std::jthread{[this, work = std::move(work), then = std::move(then)](const std::stop_token& stop) {
        QString result;
        try {
            RunStore store{m_folder};
            result = work(store, stop);
        } catch (const StoreError& error) {
            result = translated(error.message());
        } catch (const std::exception& error) { // the thread's outermost frame
            result = QString::fromUtf8(error.what());
        }
        QMetaObject::invokeMethod(this, [this, result, then] {
            if (!result.isEmpty())
                m_result->setText(result);
            setBusy(false);
            if (then)
                then();
            if (!isVisible())
                deleteLater(); // it was closed meanwhile
            else if (std::exchange(m_planAgain, false))
                plan();
        });
    }};
}

RetentionRule HistoryCareDialog::rule() const
{
    RetentionRule rule{.keep = static_cast<RetentionRule::Keep>(m_keep->currentData().toInt()),
                       .olderThanDays = static_cast<double>(m_days->value()),
                       .alsoStarred = m_starred->isChecked(),
                       .among = {}};
    if (m_onlyChosen->isChecked())
        rule.among = {m_chosen.begin(), m_chosen.end()};
    return rule;
}

void HistoryCareDialog::plan()
{
    if (m_busy) {
        m_planAgain = true;
        return;
    }
    const auto planned = std::make_shared<RetentionPlan>();
    start({}, [rule = rule(), planned](RunStore& store, const std::stop_token& stop) {
        *planned = planRetention(store, rule, stop);
        return QString{};
    }, [this, planned] { showPlan(*planned); });
}

void HistoryCareDialog::showPlan(const RetentionPlan& plan)
{
    m_plan = plan;
    m_planned->setText(m_plan.files.empty() ? tr("Nothing may go; checkpoints take %1.").arg(written(m_plan.kept))
                                            : tr("%1 checkpoints of %2 runs may go: %3. Those that stay take %4.")
                                                  .arg(m_plan.files.size())
                                                  .arg(m_plan.runs)
                                                  .arg(written(m_plan.bytes), written(m_plan.kept)));
    setBusy(false);
}

void HistoryCareDialog::free()
{
    auto* box = new QMessageBox{QMessageBox::Warning, tr("Free room"), tr("Remove %1 checkpoints, %2?").arg(m_plan.files.size()).arg(written(m_plan.bytes)), QMessageBox::NoButton, this};
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(m_keep->currentData().toInt() == static_cast<int>(RetentionRule::Keep::nothing)
                                ? tr("These runs can then be neither tried nor gone on with. This cannot be undone.")
                                : tr("This cannot be undone."));
    const QAbstractButton* doIt = box->addButton(tr("Remove"), QMessageBox::DestructiveRole);
    box->setDefaultButton(box->addButton(tr("Keep them"), QMessageBox::RejectRole));
    connect(box, &QMessageBox::buttonClicked, this, [this, doIt](const QAbstractButton* button) {
        if (button != doIt)
            return;
        start(tr("Removing…"), [this, plan = m_plan](RunStore& store, const std::stop_token& stop) {
            const auto told = [this, all = plan.files.size()](std::size_t done) {
                QMetaObject::invokeMethod(this, [this, all, done] {
                    m_progress->setRange(0, static_cast<int>(all));
                    m_progress->setValue(static_cast<int>(done));
                });
            };
            return tr("%1 are free now.").arg(written(freeCheckpoints(store, plan, told, stop)));
        }, [this] {
            m_planAgain = true;
            Q_EMIT changed();
        });
    });
    box->open();
}

void HistoryCareDialog::backUp()
{
    auto* dialog = new QFileDialog{this, tr("Back up the history"), QString{}, tr("SQLite (*.db)")};
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("db"));
    dialog->selectFile(QStringLiteral("descent-backup.db"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
        start(tr("Copying…"), [file](RunStore& store, const std::stop_token&) { return tr("%1 has the whole history, %2.").arg(file, written(store.backUp(file.toStdString()))); }, {});
    });
    dialog->open();
}

}
