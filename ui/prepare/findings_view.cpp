// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/prepare/findings_view.h"

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/translated.h"
#include "ui/theme/widgets.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

namespace descent {

namespace {

constexpr std::size_t mostShown = 200;

}

FindingsView::FindingsView(QWidget* parent) : QScrollArea{parent}
{
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* content = new QWidget;
    content->setProperty("scrollBody", true);
    m_layout = new QVBoxLayout{content};
    m_layout->setContentsMargins(0, 0, Theme::space2, 0);
    m_layout->setSpacing(Theme::space2);
    setWidget(content);
}

void FindingsView::setReport(const QualityReport* report, bool mends)
{
    while (QLayoutItem* item = m_layout->takeAt(0)) {
        if (QWidget* widget = item->widget()) {
            widget->hide();
            widget->deleteLater();   // it may be the button whose click led here
        }
        delete item;
    }
    m_findings = report ? report->findings : std::vector<QualityFinding>{};
    if (report)
        for (const Problem& problem : report->problems) {
            auto* label = makeLabel(translated(problem), "danger");
            label->setWordWrap(true);
            m_layout->addWidget(label);
        }
    if (report && m_findings.empty() && report->problems.empty()) {
        auto* fine = new EmptyState{QStringLiteral("check"), tr("Nothing to mend"), tr("No repeated, contradicting or leaked samples, no column that gives the target away, no gaps worth a word."), {}};
        m_layout->addWidget(fine, 1);
        return;
    }
    for (std::size_t i = 0; i < std::min(mostShown, m_findings.size()); ++i) {
        const QualityFinding& finding = m_findings[i];
        auto* frame = new QFrame;
        frame->setProperty("notice", finding.severity == QualityFinding::Severity::serious ? "danger" : finding.severity == QualityFinding::Severity::warning ? "warning" : "");
        if (finding.severity == QualityFinding::Severity::note)
            frame->setProperty("card", true);
        auto* row = new QHBoxLayout{frame};
        row->setContentsMargins(Theme::space3, Theme::space2, Theme::space2, Theme::space2);
        row->setSpacing(Theme::space3);
        auto* words = new QVBoxLayout;
        words->setSpacing(2);
        QLabel* what = makeLabel(translated(finding.what), "heading");
        what->setWordWrap(true);
        words->addWidget(what);
        if (!finding.why.empty()) {
            QLabel* why = makeLabel(translated(finding.why), "caption");
            why->setWordWrap(true);
            words->addWidget(why);
        }
        row->addLayout(words, 1);
        if (mends && !finding.sets.empty()) {
            auto* fix = new QPushButton{translated(finding.fix)};
            fix->setObjectName(QStringLiteral("fix%1").arg(i));
            fix->setAccessibleName(translated(finding.fix) + QStringLiteral(": ") + translated(finding.what));
            fix->setToolTip(QString::fromStdString(finding.sets.front().first + "=" + finding.sets.front().second));
            connect(fix, &QPushButton::clicked, this, [this, i] { Q_EMIT fixChosen(QualityFinding{m_findings[i]}); });
            row->addWidget(fix, 0, Qt::AlignVCenter);
        }
        m_layout->addWidget(frame);
    }
    if (m_findings.size() > mostShown)
        m_layout->addWidget(makeLabel(tr("and %1 more").arg(m_findings.size() - mostShown), "muted"));
    m_layout->addStretch(1);
}

}
