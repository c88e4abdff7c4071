// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/forms/parameter_form.h"

class QComboBox;

namespace descent {

class TrainSession;

/// What is learnt from the data: found by itself or chosen among what fits, with the task's own settings.
class TaskForm : public QWidget
{
    Q_OBJECT
public:
    explicit TaskForm(TrainSession& session, QWidget* parent = nullptr);
    ParameterForm* form() const { return m_form; }

private:
    void show();

    TrainSession& m_session;
    QComboBox* m_kind = nullptr;
    ParameterForm* m_form = nullptr;
};

}
