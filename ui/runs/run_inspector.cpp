// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/run_inspector.h"

#include "ui/history/run_history.h"
#include "ui/runs/run_details_panel.h"
#include "ui/runs/run_edits.h"
#include "ui/try/try_dialog.h"

#include <QDesktopServices>
#include <QInputDialog>
#include <QPushButton>
#include <QUrl>

#include <algorithm>

namespace descent {

RunInspector::RunInspector(RunHistory& history, RunEdits& edits, RunDetailsPanel& panel, QObject* parent)
    : QObject{parent}, m_history{history}, m_panel{panel}
{
    connect(&m_history, &RunHistory::detailsArrived, this, &RunInspector::take);
    connect(&m_history, &RunHistory::familyArrived, this, [this](RunId run, const std::vector<FamilyMember>& family) {
        if (run == m_panel.run())
            m_panel.setFamily(family);
    });
    connect(&m_history, &RunHistory::differenceArrived, this, [this](const RunDifference& difference) {
        if (difference.after == m_panel.run())
            m_panel.addDifference(difference, difference.before == m_baseline);
    });
    connect(&m_panel, &RunDetailsPanel::noteEdited, &edits, &RunEdits::setNote);
    connect(&m_panel, &RunDetailsPanel::goOnChosen, this, &RunInspector::askEpochs);
    connect(&m_panel, &RunDetailsPanel::tryChosen, this, [this](qint64 run, const QString& name, const QString& task) {
        if (QDialog* dialog = makeTryDialog(task.toStdString(), {m_history.folder(), run, name}, &m_panel))
            dialog->open();
    });
    connect(&m_panel, &RunDetailsPanel::folderChosen, this, [this](qint64 run) {
        QDesktopServices::openUrl(QUrl::fromLocalFile(QString::fromStdString(m_history.folderOf(run).string())));
    });
}

void RunInspector::inspect(RunId run)
{
    m_wanted = run;
    m_history.requestDetails(run);
}

void RunInspector::setBaseline(RunId run)
{
    m_baseline = run;
    Q_EMIT baselineChanged(run);
    if (m_wanted != 0)
        m_history.requestDetails(m_wanted);
}

void RunInspector::take(const RunDetails& details)
{
    if (details.summary.id != m_wanted)
        return; // another page has asked
    m_panel.setDetails(details);
    m_panel.clearDifferences();
    if (details.summary.parent && m_history.find(*details.summary.parent))
        m_history.requestDifference(*details.summary.parent, details.summary.id);
    if (m_baseline != 0 && m_baseline != details.summary.id && m_baseline != details.summary.parent && m_history.find(m_baseline))
        m_history.requestDifference(m_baseline, details.summary.id);
}

/// A run that has done all its epochs is asked for how many more.
void RunInspector::askEpochs(qint64 run, const QString& name, qint64 epochsDone)
{
    if (epochsDone == 0) {
        Q_EMIT resumeChosen(run, name, 0);
        return;
    }
    auto* dialog = new QInputDialog{&m_panel};
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Train longer"));
    dialog->setLabelText(tr("%1 has done %2 epochs. How many more?").arg(name).arg(epochsDone));
    dialog->setInputMode(QInputDialog::IntInput);
    dialog->setIntRange(1, static_cast<int>(100'000 - std::min<qint64>(epochsDone, 99'999)));
    dialog->setIntValue(static_cast<int>(std::min<qint64>(epochsDone, 1000)));
    dialog->setOkButtonText(tr("Train"));
    for (QPushButton* button : dialog->findChildren<QPushButton*>())
        button->setIcon({});
    connect(dialog, &QInputDialog::intValueSelected, this, [this, run, name, epochsDone](int more) { Q_EMIT resumeChosen(run, name, epochsDone + more); });
    dialog->open();
}

}
