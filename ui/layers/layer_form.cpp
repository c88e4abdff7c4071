// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/layers/layer_form.h"

#include "engine/core/network/custom/layer_kind.h"
#include "ui/forms/parameter_form.h"
#include "ui/layers/layer_document.h"
#include "ui/theme/counts.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/translated.h"
#include "ui/theme/widgets.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace descent {

LayerForm::LayerForm(LayerDocument& document, QWidget* parent) : QWidget{parent}, m_document{document}
{
    auto* outer = new QVBoxLayout{this};
    outer->setContentsMargins(0, 0, 0, 0);
    m_empty = makeLabel(tr("Choose a layer to see its settings."), "muted");
    static_cast<QLabel*>(m_empty)->setWordWrap(true);
    outer->addWidget(m_empty);
    m_body = new QWidget;
    outer->addWidget(m_body);
    outer->addStretch(1);

    auto* layout = new QVBoxLayout{m_body};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::space2);
    m_kind = makeLabel({}, "heading");
    m_kind->setWordWrap(true);
    layout->addWidget(m_kind);
    m_help = makeLabel({}, "caption");
    m_help->setWordWrap(true);
    layout->addWidget(m_help);
    m_problem = makeLabel({}, "danger");
    m_problem->setObjectName(QStringLiteral("layerProblem"));
    m_problem->setWordWrap(true);
    layout->addWidget(m_problem);
    m_fix = new QPushButton{tr("Mend it")};
    m_fix->setObjectName(QStringLiteral("mendLayer"));
    layout->addWidget(m_fix, 0, Qt::AlignLeft);
    m_name = new QLineEdit;
    m_name->setObjectName(QStringLiteral("layerName"));
    m_name->setAccessibleName(tr("Name"));
    m_name->setToolTip(tr("Name, as checkpoints store it (F2)"));
    layout->addWidget(makeLabel(tr("Name"), "muted"));
    layout->addWidget(m_name);
    layout->addWidget(makeLabel(tr("Reads"), "muted"));
    m_sources = new QVBoxLayout;
    m_sources->setSpacing(Theme::space1);
    layout->addLayout(m_sources);
    m_parameters = new ParameterForm;
    layout->addWidget(m_parameters);
    m_gives = makeLabel({}, "caption");
    m_gives->setWordWrap(true);
    layout->addWidget(m_gives);

    connect(m_name, &QLineEdit::editingFinished, this, &LayerForm::giveName);
    connect(m_parameters, &ParameterForm::edited, this, [this](const Parameters& values) {
        if (const auto at = m_document.current())
            m_document.setParameters(*at, values);
    });
    connect(m_fix, &QPushButton::clicked, this, [this] {
        const auto at = m_document.current();
        if (!at)
            return;
        for (const LayerTrouble& trouble : m_document.network().layers[*at].troubles)
            if (!trouble.fix.empty())
                return m_document.applyFix(*at, LayerFix{trouble.fix});
    });
    connect(&m_document, &LayerDocument::changed, this, &LayerForm::showLayer);
    connect(&m_document, &LayerDocument::selectionChanged, this, &LayerForm::showLayer);
    showLayer();
}

void LayerForm::focusName()
{
    m_name->setFocus(Qt::OtherFocusReason);
    m_name->selectAll();
}

void LayerForm::focusSettings()
{
    const auto at = m_document.current();
    const LayerKind* kind = at ? findLayerKind(m_document.layers()[*at].kind) : nullptr;
    if (kind && !kind->schema.empty())
        m_parameters->focusField(QString::fromStdString(kind->schema.front().name));
    else
        focusName();
}

void LayerForm::giveName()
{
    const auto at = m_document.current();
    const std::string name = m_name->text().trimmed().toStdString();
    // What was typed for one layer is not given to the one that was clicked after it.
    if (at && m_document.layers()[*at].name == m_shown && name != m_shown)
        m_document.rename(*at, name);
}

void LayerForm::showLayer()
{
    const auto at = m_document.current();
    m_empty->setVisible(!at);
    m_body->setVisible(at.has_value());
    if (!at)
        return;
    const LayerEntry& layer = m_document.layers()[*at];
    const LayerOutcome& outcome = m_document.network().layers[*at];
    const LayerKind* kind = findLayerKind(layer.kind);
    m_kind->setText(kind ? translated(kind->label) : QString::fromStdString(layer.kind));
    m_help->setText(kind ? translated(kind->help) : QString{});
    if (m_shown != layer.name || !m_name->hasFocus())
        m_name->setText(QString::fromStdString(layer.name));
    m_shown = layer.name;
    showSources();
    m_parameters->setVisible(kind && !kind->schema.empty());
    Problems ofFields;
    QStringList others;
    const std::string prefix = "architecture.layers." + layer.name;
    for (const LayerTrouble& trouble : outcome.troubles) {
        ofFields.push_back(trouble.problem);
        if (trouble.problem.path == prefix) {
            QString words = translated(trouble.problem.message);
            if (!trouble.problem.hint.empty())
                words += QStringLiteral(": ") + translated(trouble.problem.hint);
            words[0] = words[0].toUpper();
            others << words;
        }
    }
    if (kind) {
        m_parameters->setSchema(kind->schema);
        m_parameters->setValues(layer.parameters);
        m_parameters->setProblems(ofFields, QString::fromStdString(prefix));
    }
    m_problem->setText(others.join(QLatin1Char('\n')));
    m_problem->setVisible(!others.isEmpty());
    m_fix->setVisible(std::any_of(outcome.troubles.begin(), outcome.troubles.end(), [](const LayerTrouble& trouble) { return !trouble.fix.empty(); }));
    m_gives->setVisible(outcome.layer.has_value());
    QStringList sizes;
    for (const std::int64_t size : outcome.shape)
        sizes << QString::number(size);
    m_gives->setText(tr("Gives %1\n%2 weights, %3 multiply-adds a sample")
                         .arg(sizes.join(QStringLiteral(" × ")), shortCount(outcome.parameterCount), shortCount(outcome.multiplyAdds)));
}

void LayerForm::showSources()
{
    while (QLayoutItem* item = m_sources->takeAt(0)) {
        if (QWidget* widget = item->widget()) {
            widget->hide();
            widget->deleteLater();
        }
        delete item;
    }
    const std::size_t at = *m_document.current();
    const LayerEntry& layer = m_document.layers()[at];
    const LayerKind* kind = findLayerKind(layer.kind);
    std::vector<std::string> from = layer.from.empty() ? std::vector<std::string>{previousLayer} : layer.from;
    const std::size_t inputs = m_document.brief() ? m_document.brief()->inputs.size() : 1;
    for (std::size_t i = 0; i < from.size(); ++i) {
        auto* row = new QWidget;
        auto* rowLayout = new QHBoxLayout{row};
        rowLayout->setContentsMargins(0, 0, 0, 0);
        rowLayout->setSpacing(Theme::space1);
        auto* box = new QComboBox;
        box->setObjectName(QStringLiteral("reads%1").arg(i));
        box->setAccessibleName(tr("Input %1 of this layer").arg(i + 1));
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(8);
        box->addItem(at > 0 ? tr("The layer before (%1)").arg(QString::fromStdString(m_document.layers()[at - 1].name)) : tr("The input"),
                     QString::fromLatin1(previousLayer));
        for (std::size_t input = 0; input < inputs; ++input)
            box->addItem(inputs == 1 ? tr("Input of the network") : tr("Input %1 of the network").arg(input + 1), QString::fromStdString(inputName(input)));
        for (std::size_t other = at; other-- > 0;)
            box->addItem(QString::fromStdString(m_document.layers()[other].name), QString::fromStdString(m_document.layers()[other].name));
        int chosen = box->findData(QString::fromStdString(from[i]));
        if (chosen < 0) { // what is not there, or stands after it: kept, with its trouble
            box->addItem(QString::fromStdString(from[i]), QString::fromStdString(from[i]));
            chosen = box->count() - 1;
        }
        box->setCurrentIndex(chosen);
        connect(box, &QComboBox::activated, this, [this, at, from, i, box](int index) {
            std::vector<std::string> changed = from;
            changed[i] = box->itemData(index).toString().toStdString();
            m_document.setFrom(at, changed);
        });
        rowLayout->addWidget(box, 1);
        if (kind && from.size() > kind->leastInputs) {
            auto* remove = new QToolButton;
            remove->setProperty("kind", "ghost");
            remove->setToolTip(tr("Do not read this"));
            remove->setAccessibleName(remove->toolTip());
            setThemedIcon(remove, QStringLiteral("close"));
            connect(remove, &QToolButton::clicked, this, [this, at, from, i] {
                std::vector<std::string> changed = from;
                changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i));
                m_document.setFrom(at, changed);
            });
            rowLayout->addWidget(remove);
        }
        m_sources->addWidget(row);
    }
    if (kind && from.size() < kind->mostInputs) {
        auto* add = new QPushButton{tr("Read one more")};
        add->setObjectName(QStringLiteral("readMore"));
        connect(add, &QPushButton::clicked, this, [this, at, from] {
            std::vector<std::string> changed = from;
            changed.push_back(at >= 2 ? m_document.layers()[at - 2].name : inputName(0));
            m_document.setFrom(at, changed);
        });
        m_sources->addWidget(add, 0, Qt::AlignLeft);
    }
}

}
