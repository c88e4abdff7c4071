// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/run/advice.h"

#include <QFrame>

#include <set>
#include <vector>

class QLabel;
class QHBoxLayout;

namespace descent {

/// The most pressing thing that can be said of a run's curves: what, how it shows, and changes that may help, one click each.
class AdviceBar : public QFrame
{
    Q_OBJECT
public:
    explicit AdviceBar(QWidget* parent = nullptr);
    void begin();                                      ///< of a run: nothing was put away yet
    void setAdvice(const std::vector<Advice>& advice);
    const std::vector<Advice>& advice() const { return m_advice; }

Q_SIGNALS:
    void proposalChosen(const descent::Proposal& proposal);

private:
    void show();

    std::vector<Advice> m_advice;   // without what was put away
    std::set<std::string> m_putAway;
    std::string m_shown;            // id and words of what stands there
    QLabel *m_finding = nullptr, *m_evidence = nullptr;
    QHBoxLayout* m_actions = nullptr;
};

}
