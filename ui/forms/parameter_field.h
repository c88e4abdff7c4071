// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/schema/parameter_schema.h"

#include <QString>
#include <QWidget>

#include <functional>

class QLabel;
class QLineEdit;

namespace descent {

/// One row of a form: label, control, and under it what is wrong.
class ParameterField : public QWidget
{
    Q_OBJECT
public:
    static constexpr int labelWidth = 104; ///< of all fields, and of what stands in a row with them
    ParameterField(ParameterSchema schema, QWidget* parent = nullptr);

    const ParameterSchema& schema() const { return m_schema; }
    void setValue(const ParameterValue& value);
    void setProblem(const QString& problem);         ///< from validation; the field's own complaint goes first
    bool isValid() const { return m_ownProblem.isEmpty(); }
    void focusControl();

Q_SIGNALS:
    void edited(const ParameterValue& value);
    void validityChanged();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;   // arrow keys in number fields; dropped files

private:
    QWidget* makeControl();
    QWidget* makeChoice();
    QWidget* makeSegments();
    QWidget* makePath();
    QLineEdit* makeLine();
    void onTyped(const QString& text);
    void stepBy(int steps);
    void showProblem();
    void give(const ParameterValue& value);

    const ParameterSchema m_schema;
    ParameterValue m_value;
    QWidget* m_control = nullptr;
    QLineEdit* m_line = nullptr;
    QLabel* m_problem = nullptr;
    QString m_ownProblem, m_foreignProblem;
    std::function<void(const ParameterValue&)> m_show;   // puts a value into the control
};

}
