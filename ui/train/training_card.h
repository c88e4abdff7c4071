// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/forms/parameter_form.h"
#include "ui/theme/widgets.h"

class QComboBox;
class QLineEdit;

namespace descent {

class ScheduleView;
class TrainSession;

/// How it is trained: options, device, seed, and the schedule as a small curve.
class TrainingCard : public Card
{
    Q_OBJECT
public:
    explicit TrainingCard(TrainSession& session, QWidget* parent = nullptr);
    ParameterForm* form() const { return m_form; }

private:
    void showRecipe();
    void showEngine();

    TrainSession& m_session;
    ParameterForm* m_form = nullptr;
    ScheduleView* m_schedule = nullptr;
    QLabel* m_steps = nullptr;
    QComboBox* m_device = nullptr;
    QLineEdit* m_seed = nullptr;
};

}
