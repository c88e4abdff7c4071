// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/forms/parameter_form.h"
#include "ui/theme/widgets.h"

class QLineEdit;
class QPushButton;

namespace descent {

class DeviceBox;
class RunHistory;
class ScheduleView;
class StartForm;
class TrainSession;

/// How it is trained: what it starts from, options, device, seed, and the schedule as a small curve.
class TrainingCard : public Card
{
    Q_OBJECT
public:
    TrainingCard(TrainSession& session, RunHistory& history, QWidget* parent = nullptr);
    ParameterForm* form() const { return m_form; }
    StartForm* start() const { return m_start; }
    void setTrainable(bool trainable); ///< so a rate may be looked for

private:
    void findRate();
    void showRecipe();
    void showEngine();

    TrainSession& m_session;
    StartForm* m_start = nullptr;
    ParameterForm* m_form = nullptr;
    ScheduleView* m_schedule = nullptr;
    QLabel* m_steps = nullptr;
    QPushButton* m_findRate = nullptr;
    DeviceBox* m_device = nullptr;
    QLineEdit* m_seed = nullptr;
};

}
