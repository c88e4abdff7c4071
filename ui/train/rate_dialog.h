// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/train/rate_search.h"

#include <QDialog>

#include <optional>

class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;

namespace descent {

class CurvePlot;
class ParameterForm;

/// Searches for a learning rate and shows the loss over it as it is found, with what the curve suggests. A person takes that, or
/// another by clicking on the curve or by typing.
class RateDialog : public QDialog
{
    Q_OBJECT
public:
    /// searches: where a search lives on that is closed in the middle of a step
    RateDialog(RateSearch::Subject subject, QObject& searches, QWidget* parent = nullptr);
    ~RateDialog() override;

Q_SIGNALS:
    void chosen(double rate);

private:
    QWidget* makeSide();
    void searchOrStop();
    void search();
    void onFinished(const RateCurve& curve, const Problems& problems);
    void draw();
    void offer(double rate);
    void tell(const QString& words, bool wrong = false);
    void showState();

    const RateSearch::Subject m_subject;
    QObject& m_searches;
    RateSearch* m_search = nullptr; // under way; null: none
    Parameters m_options;
    RateCurve m_curve;
    std::optional<RateSuggestion> m_suggested; // of a search that has ended
    double m_pointedAt = 0; // the rate under the pointer; NaN: none
    CurvePlot* m_plot = nullptr;
    ParameterForm* m_form = nullptr;
    QProgressBar* m_progress = nullptr;
    QPushButton *m_again = nullptr, *m_steepest = nullptr, *m_tenth = nullptr, *m_use = nullptr;
    QLineEdit* m_rate = nullptr;
    QLabel* m_words = nullptr;
};

}
