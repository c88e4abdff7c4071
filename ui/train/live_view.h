// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/run/advice.h"
#include "engine/core/run/live_feed.h"
#include "ui/plot/curve_plot.h"
#include "ui/views/preview_views.h"

#include <QWidget>

#include <map>

class QFrame;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QVBoxLayout;

namespace descent {

class AdviceBar;
class TrainSession;

/// A run as it happens: curves, progress, predictions, the hands on it, and how it ended.
class LiveView : public QWidget
{
    Q_OBJECT
public:
    explicit LiveView(TrainSession& session, QWidget* parent = nullptr);
    void begin();                                  ///< of a fresh run: clears what the last one left
    const CurvePlot* lossPlot() const { return m_loss; }

Q_SIGNALS:
    void backToSetupChosen();
    void compareChosen(qint64 run);

private:
    struct Series {
        std::vector<double> x, y;
    };
    void take(const LiveFeed::Batch& batch);
    void on(const RunStarted& event);
    void on(const EpochFinished& event);
    void on(const Message& event);
    void on(const RunEnded& event);
    void on(const CheckpointWritten& event) { m_hasCheckpoint = m_hasCheckpoint || !event.best; }
    template <typename Event>
    void on(const Event&) { }
    void showProgress(const Progress& progress);
    bool hasLayers() const; // somebody looked inside while it trained
    void showCards();
    void follow(const Proposal& proposal);
    void drawCurves();
    Curve curveOf(const QString& label, const std::string& series, int color, bool raw) const;
    QWidget* makeStat(const QString& label, QLabel*& value);

    TrainSession& m_session;
    std::map<std::string, Series> m_series;
    std::int64_t m_epochs = 0, m_stepsPerEpoch = 1;
    std::string m_secondMetric = "accuracy", m_task;
    bool m_ended = false, m_paused = false, m_hasCheckpoint = false;

    QLabel *m_title = nullptr, *m_state = nullptr, *m_message = nullptr;
    QPushButton *m_pause = nullptr, *m_stop = nullptr, *m_again = nullptr, *m_compare = nullptr, *m_try = nullptr, *m_folder = nullptr, *m_goOn = nullptr, *m_inside = nullptr;
    AdviceBar* m_advice = nullptr;
    CurveSummary m_summary;
    QProgressBar* m_progress = nullptr;
    QLabel *m_epoch = nullptr, *m_step = nullptr, *m_pace = nullptr, *m_left = nullptr, *m_memory = nullptr, *m_device = nullptr;
    QLineEdit* m_rate = nullptr;
    CurvePlot *m_loss = nullptr, *m_second = nullptr;
    struct PreviewCard {
        PreviewView view;
        QWidget* card = nullptr;
        bool hasContent = false;
    };
    std::vector<PreviewCard> m_previews;
    QFrame* m_outcome = nullptr;
    QVBoxLayout* m_outcomeLayout = nullptr;
};

}
