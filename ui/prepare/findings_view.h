// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/quality.h"

#include <QScrollArea>

class QVBoxLayout;

namespace descent {

/// What should be known of the data, the serious first, each with the decision that mends it.
class FindingsView : public QScrollArea
{
    Q_OBJECT
public:
    explicit FindingsView(QWidget* parent = nullptr);
    void setReport(const QualityReport* report, bool mends = true); ///< null: none yet; without `mends` nothing offers to mend

Q_SIGNALS:
    void fixChosen(const descent::QualityFinding& finding);

private:
    QVBoxLayout* m_layout = nullptr;
    std::vector<QualityFinding> m_findings;
};

}
