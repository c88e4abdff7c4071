// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/forms/parameter_form.h"

#include "ui/forms/parameter_field.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/translated.h"

#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace descent {

ParameterForm::ParameterForm(QWidget* parent) : QWidget{parent}
{
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::space2);
    m_common = new QVBoxLayout;
    m_common->setSpacing(Theme::space2);
    layout->addLayout(m_common);
    m_more = new QToolButton;
    m_more->setProperty("kind", "ghost");
    m_more->setCheckable(true);
    m_more->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_more->setFocusPolicy(Qt::StrongFocus);
    m_more->setObjectName(QStringLiteral("moreSettings"));
    setThemedIcon(m_more, QStringLiteral("chevron-right"));
    layout->addWidget(m_more);
    m_foldedBox = new QWidget;
    m_folded = new QVBoxLayout{m_foldedBox};
    m_folded->setContentsMargins(0, 0, 0, 0);
    m_folded->setSpacing(Theme::space2);
    m_foldedBox->hide();
    layout->addWidget(m_foldedBox);
    connect(m_more, &QToolButton::toggled, this, [this](bool open) {
        m_foldedBox->setVisible(open);
        setThemedIcon(m_more, open ? QStringLiteral("chevron-down") : QStringLiteral("chevron-right"));
    });
}

void ParameterForm::setSchema(const Schema& schema)
{
    if (schema == m_schema)
        return;
    m_schema = schema;
    m_values.clear();
    rebuild();
}

void ParameterForm::rebuild()
{
    for (ParameterField* field : m_fields) {
        field->hide();
        field->deleteLater();
    }
    m_fields.clear();
    int folded = 0;
    for (const ParameterSchema& parameter : m_schema) {
        auto* field = new ParameterField{parameter, this};
        (parameter.common ? m_common : m_folded)->addWidget(field);
        folded += parameter.common ? 0 : 1;
        connect(field, &ParameterField::edited, this, [this, name = parameter.name](const ParameterValue& value) { onFieldEdited(name, value); });
        connect(field, &ParameterField::validityChanged, this, &ParameterForm::validityChanged);
        m_fields.push_back(field);
    }
    m_more->setVisible(folded > 0);
    showWhatApplies();
}

void ParameterForm::setValues(const Parameters& values)
{
    m_values = values;
    for (ParameterField* field : m_fields)
        field->setValue(valueOf(m_schema, m_values, field->schema().name));
    showWhatApplies();
}

void ParameterForm::onFieldEdited(const std::string& name, const ParameterValue& value)
{
    m_values.insert_or_assign(name, value);
    showWhatApplies();
    Q_EMIT edited(m_values);
}

void ParameterForm::showWhatApplies()
{
    int folded = 0;
    for (ParameterField* field : m_fields) {
        const bool applies = descent::applies(m_schema, m_values, field->schema());
        field->setVisible(applies);
        folded += applies && !field->schema().common ? 1 : 0;
    }
    m_more->setText(tr("More settings (%1)").arg(folded));
    m_more->setVisible(folded > 0);
    m_foldedBox->setVisible(folded > 0 && m_more->isChecked());
}

void ParameterForm::setProblems(const Problems& problems, const QString& prefix)
{
    for (ParameterField* field : m_fields) {
        const std::string path = prefix.toStdString() + "." + field->schema().name;
        const auto found = std::find_if(problems.begin(), problems.end(), [&](const Problem& problem) { return problem.path == path; });
        QString words;
        if (found != problems.end()) {
            words = translated(found->message);
            if (!found->hint.empty())
                words += QStringLiteral(": ") + translated(found->hint);
            words[0] = words[0].toUpper();
            if (!field->schema().common)
                m_more->setChecked(true);
        }
        field->setProblem(words);
    }
}

bool ParameterForm::hasInvalidText() const
{
    return std::any_of(m_fields.begin(), m_fields.end(), [](const ParameterField* field) { return !field->isHidden() && !field->isValid(); });
}

void ParameterForm::focusField(const QString& name)
{
    for (ParameterField* field : m_fields)
        if (field->schema().name == name.toStdString()) {
            if (!field->schema().common)
                m_more->setChecked(true);
            field->focusControl();
        }
}

}
