// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/summary/summary_strip.h"

#include "ui/summary/column_fields.h"
#include "ui/summary/hint_list.h"
#include "ui/theme/theme.h"
#include "ui/theme/translated.h"
#include "ui/theme/widgets.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace descent {

namespace {

QLabel* sentence(const char* role, const char* name)
{
    QLabel* label = makeLabel({}, role);
    label->setWordWrap(true);
    label->setObjectName(QString::fromLatin1(name));
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

}

SummaryStrip::SummaryStrip(QWidget* parent) : QFrame{parent}
{
    setProperty("card", true);
    auto* layout = new QHBoxLayout{this};
    layout->setContentsMargins(Theme::space4, Theme::space2, Theme::space4, Theme::space3);
    layout->setSpacing(Theme::space5);
    auto* left = new QVBoxLayout;
    left->setSpacing(Theme::space1);
    auto* head = new QHBoxLayout;
    head->setSpacing(Theme::space1);
    head->addWidget(makeLabel(tr("Which is better in"), "heading"));
    m_figure = new FieldPicker{FieldPicker::Mode::one, tr("Figure")};
    m_figure->setObjectName(QStringLiteral("figure"));
    head->addWidget(m_figure);
    m_direction = new QToolButton;
    m_direction->setObjectName(QStringLiteral("direction"));
    m_direction->setProperty("kind", "ghost");
    m_direction->setFocusPolicy(Qt::StrongFocus);
    head->addWidget(m_direction);
    head->addStretch(1);
    left->addLayout(head);
    m_verdict = sentence(nullptr, "verdict");
    m_warning = sentence("warning", "verdictWarning");
    left->addWidget(m_verdict);
    left->addWidget(m_warning);
    left->addStretch(1);
    auto* right = new QVBoxLayout;
    right->setSpacing(Theme::space1);
    QLabel* heading = makeLabel(tr("Which difference explains it"), "heading");
    heading->setMinimumHeight(m_figure->sizeHint().height()); // in line with the picker's row
    right->addWidget(heading);
    m_hints = new HintList;
    m_hints->setObjectName(QStringLiteral("hints"));
    right->addWidget(m_hints);
    m_explanation = sentence("caption", "explanation");
    right->addWidget(m_explanation);
    right->addStretch(1);
    layout->addLayout(left, 1);
    layout->addLayout(right, 1);
    connect(m_figure, &FieldPicker::fieldsChosen, this, [this](const std::vector<std::string>& names) { Q_EMIT figureChosen(QString::fromStdString(names.front())); });
    connect(m_direction, &QToolButton::clicked, this, [this] {
        const std::string metric = metricOf(m_figure->chosen().front());
        Q_EMIT directionChosen(QString::fromStdString(metric), !m_direction->property("higher").toBool());
    });
    connect(m_hints, &HintList::settingChosen, this, &SummaryStrip::settingChosen);
}

void SummaryStrip::setSummary(const SelectionSummary& summary)
{
    const FigureTable& table = *summary.table;
    m_figure->setFields(columnFields(table, true, {}));
    m_figure->setChosen({summary.figure});
    const FigureColumn* figure = table.find(summary.figure);
    showDirection(figure);
    QStringList warnings;
    if (summary.standing) {
        m_verdict->setText(shownSentence(summary.standing->verdict.sentence));
        for (const Text& warning : summary.standing->warnings)
            warnings << shownSentence(warning);
    } else {
        m_verdict->setText(figure ? bestRunSentence(table, *figure) : tr("These runs have no figure yet: it comes with their first epoch."));
        if (figure && table.runs.size() > 1)
            warnings << (table.recipes.size() > 1 ? tr("Each recipe was trained once: another seed may fall the other way. Train the best two with three seeds or more")
                                                  : tr("One recipe: its seeds alone make the difference"));
    }
    m_warning->setText(warnings.join(QLatin1Char('\n')));
    m_warning->setVisible(!warnings.isEmpty());
    const Explanation& explanation = summary.explanation;
    m_hints->setHints(summary.table, explanation.hints);
    // The first hint's row says what the sentence says; what it must not be taken for is always written out.
    m_explanation->setText(explanation.limits ? shownSentence(*explanation.limits) : shownSentence(explanation.sentence));
    m_explanation->setToolTip(shownSentence(explanation.sentence));
}

/// Of a metric a person may turn it round; that less of a cost is better needs no word.
void SummaryStrip::showDirection(const FigureColumn* figure)
{
    m_direction->setVisible(figure && figure->role == FigureColumn::Role::metric);
    if (!figure)
        return;
    m_direction->setProperty("higher", figure->higherIsBetter);
    const QString words = figure->higherIsBetter ? tr("higher is better") : tr("lower is better");
    m_direction->setText(figure->isJudged ? words : words + QLatin1Char('?'));
    m_direction->setToolTip(figure->isJudged ? tr("Click where it is the other way round") : tr("Nothing says which way is better of this figure: click to say it is the other way round"));
}

QString shownSentence(const Text& text)
{
    QString words = translated(text);
    if (!text.source.starts_with('%') && !words.isEmpty())
        words[0] = words[0].toUpper();
    return words;
}

QString bestRunSentence(const FigureTable& table, const FigureColumn& figure)
{
    double best = NAN;
    for (const double value : figure.numbers)
        best = figure.higherIsBetter ? std::fmax(best, value) : std::fmin(best, value);
    const auto found = std::find(figure.numbers.begin(), figure.numbers.end(), best);
    if (found == figure.numbers.end())
        return SummaryStrip::tr("None of these runs has %1.").arg(columnLabel(figure));
    const QString name = QString::fromStdString(table.runs[static_cast<std::size_t>(found - figure.numbers.begin())].name);
    if (table.runs.size() == 1)
        return SummaryStrip::tr("%1: %2 %3").arg(name, columnLabel(figure), columnValue(figure, best));
    return SummaryStrip::tr("%1 has the best %2 of %4 runs: %3").arg(name, columnLabel(figure), columnValue(figure, best)).arg(table.runs.size());
}

}
