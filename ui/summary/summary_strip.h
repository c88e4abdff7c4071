// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/summary/selection_summary.h"

#include <QFrame>

class QLabel;
class QToolButton;

namespace descent {

class FieldPicker;
class HintList;

/// What may be said of the chosen runs in sentences: which recipe is better and how sure that is, and which difference explains it.
class SummaryStrip : public QFrame
{
    Q_OBJECT
public:
    explicit SummaryStrip(QWidget* parent = nullptr);
    void setSummary(const SelectionSummary& summary);

Q_SIGNALS:
    void figureChosen(const QString& name);
    void directionChosen(const QString& metric, bool higherIsBetter);
    void settingChosen(const QString& name);

private:
    void showDirection(const FigureColumn* figure); // null: there is none

    FieldPicker* m_figure = nullptr;
    QToolButton* m_direction = nullptr;
    QLabel *m_verdict = nullptr, *m_warning = nullptr, *m_explanation = nullptr;
    HintList* m_hints = nullptr;
};

/// In the window's language, with a capital where the sentence does not begin with a name, which is written as it is.
QString shownSentence(const Text& text);

/// The best run in words, where no recipe was trained with several seeds: "lr 0.1 has the best Accuracy, 98.2 %, of 12 runs. …"
QString bestRunSentence(const FigureTable& table, const FigureColumn& figure);

}
