// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/schema/parameter_schema.h"

#include <QWidget>

#include <vector>

class QLabel;
class QToolButton;
class QVBoxLayout;

namespace descent {

class ParameterField;

/// A form made from a schema: common settings open, the others folded, each with its problem at its side. What a person
/// types is never lost: text that is no value stays in its field, says what would be right, and is not handed on.
class ParameterForm : public QWidget
{
    Q_OBJECT
public:
    explicit ParameterForm(QWidget* parent = nullptr);

    void setSchema(const Schema& schema);                  ///< builds the fields anew where the schema differs
    void setValues(const Parameters& values);              ///< what differs only: the field being typed in is left alone
    /// Shows the problems whose path is `prefix`.NAME at their fields; takes the old ones away.
    void setProblems(const Problems& problems, const QString& prefix);
    bool hasInvalidText() const;                           ///< some field holds text that is no value
    void focusField(const QString& name);                  ///< unfolds and focuses

Q_SIGNALS:
    void edited(const Parameters& values);                 ///< after each edit: all values that differ from their defaults or were given
    void validityChanged();

private:
    void rebuild();
    void onFieldEdited(const std::string& name, const ParameterValue& value);
    void showWhatApplies();

    Schema m_schema;
    Parameters m_values;
    std::vector<ParameterField*> m_fields;                 // children of this widget, in the order of the schema
    QVBoxLayout* m_common = nullptr;
    QToolButton* m_more = nullptr;
    QWidget* m_foldedBox = nullptr;
    QVBoxLayout* m_folded = nullptr;
};

}
