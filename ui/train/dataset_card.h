// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/forms/parameter_form.h"
#include "ui/theme/widgets.h"
#include "ui/views/dataset_views.h"

class QComboBox;
class QProgressBar;
class QPushButton;

namespace descent {

class TaskForm;
class TrainSession;

/// Which data, how it is split and prepared, and what it looks like. Files and folders may be dropped anywhere on it.
class DatasetCard : public Card
{
    Q_OBJECT
public:
    explicit DatasetCard(TrainSession& session, QWidget* parent = nullptr);
    ParameterForm* form() const { return m_form; }
    bool hasInvalidText() const;
Q_SIGNALS:
    void validityChanged();
    void prepareChosen();   ///< the page that shows columns, rows, quality and split

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void showRecipe();
    void showReport();

    TrainSession& m_session;
    QComboBox* m_kind = nullptr;
    QLabel* m_help = nullptr;
    ParameterForm *m_form = nullptr, *m_split = nullptr, *m_preparing = nullptr;
    QWidget* m_busy = nullptr;
    QProgressBar* m_progress = nullptr;
    QLabel *m_counts = nullptr, *m_problems = nullptr;
    TaskForm* m_task = nullptr;
    std::vector<DatasetView> m_views;
};

}
