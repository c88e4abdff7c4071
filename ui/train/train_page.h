// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QLineEdit;
class QPushButton;
class QStackedWidget;

namespace descent {

class ArchitectureCard;
class DatasetCard;
class LayerEditor;
class LiveView;
class RunHistory;
class TrainSession;
class TrainingCard;

/// Pick, train, watch: three cards and one button, then the run as it happens.
class TrainPage : public QWidget
{
    Q_OBJECT
public:
    TrainPage(TrainSession& session, RunHistory& history, QWidget* parent = nullptr);
    void showSetup();
    void showLive();
    void showLayers();                              ///< the network's layers, to be edited one by one

Q_SIGNALS:
    void compareChosen(qint64 run);
    void prepareChosen();
    void queueChosen();                             ///< the recipe is to wait in the queue
    void gridChosen();                              ///< and so are recipes that differ from it
    void messageRaised(const QString& message);     ///< something to tell in passing

private:
    QWidget* makeHeader();
    void refreshButton();
    void jumpToProblem();
    void feedLayers();

    TrainSession& m_session;
    QStackedWidget* m_stack = nullptr;
    QLineEdit* m_name = nullptr;
    QPushButton *m_train = nullptr, *m_watch = nullptr, *m_queue = nullptr, *m_grid = nullptr;
    QLabel* m_why = nullptr;
    DatasetCard* m_dataset = nullptr;
    ArchitectureCard* m_architecture = nullptr;
    TrainingCard* m_training = nullptr;
    LiveView* m_live = nullptr;
    LayerEditor* m_layers = nullptr;
};

}
