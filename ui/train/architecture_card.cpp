// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/train/architecture_card.h"

#include "engine/core/network/custom/custom.h"
#include "engine/core/network/stages.h"
#include "engine/core/recipe/start.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/translated.h"
#include "ui/train/train_session.h"
#include "ui/views/network_view.h"

#include <QComboBox>
#include <QPushButton>
#include <QScrollArea>
#include <QStandardItemModel>
#include <QVBoxLayout>

#include <algorithm>

namespace descent {

ArchitectureCard::ArchitectureCard(TrainSession& session, QWidget* parent)
    : Card{QStringLiteral("network"), tr("Architecture"), parent}, m_session{session}
{
    m_kind = new QComboBox;
    m_kind->setObjectName(QStringLiteral("architectureKind"));
    m_kind->setAccessibleName(tr("Kind of network"));
    for (const Architecture& architecture : architectures()) {
        m_kind->addItem(translated(architecture.label), QString::fromStdString(architecture.id));
        m_kind->setItemData(m_kind->count() - 1, translated(architecture.help), Qt::ToolTipRole);
    }
    connect(m_kind, &QComboBox::activated, this, [this](int index) {
        if (m_kind->itemData(index).toString() == QLatin1String(customArchitecture))
            return openAsLayers();   // begins as what was there: an empty list helps nobody
        Recipe recipe = m_session.recipe();
        setByPath(recipe, "architecture.kind", m_kind->itemData(index).toString().toStdString());
        m_session.edit(recipe, tr("Choose architecture"));
    });
    body()->addWidget(m_kind);
    m_help = makeLabel({}, "caption");
    m_help->setWordWrap(true);
    body()->addWidget(m_help);
    m_form = new ParameterForm;
    body()->addWidget(m_form);
    m_problem = makeLabel({}, "danger");
    m_problem->setWordWrap(true);
    body()->addWidget(m_problem);
    m_edit = new QPushButton{tr("Edit layers…")};
    m_edit->setObjectName(QStringLiteral("editLayers"));
    setThemedIcon(m_edit, QStringLiteral("sliders"));
    body()->addWidget(m_edit, 0, Qt::AlignLeft);
    connect(m_edit, &QPushButton::clicked, this, &ArchitectureCard::layersWanted);
    m_totals = makeLabel({}, "caption");
    m_totals->setObjectName(QStringLiteral("networkTotals"));
    m_totals->setWordWrap(true);
    body()->addWidget(m_totals);
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::StrongFocus);
    scroll->setAccessibleName(tr("Layers"));
    m_view = new NetworkView;
    scroll->setWidget(m_view);
    body()->addWidget(scroll, 1);

    connect(m_form, &ParameterForm::edited, this, [this](const Parameters& values) {
        Recipe recipe = m_session.recipe();
        recipe.architecture.parameters = values;
        m_session.edit(recipe, tr("Edit architecture"));
    });
    connect(&m_session, &TrainSession::recipeEdited, this, &ArchitectureCard::showRecipe);
    connect(&m_session, &TrainSession::networkChanged, this, &ArchitectureCard::showNetwork);
    showRecipe();
    showNetwork();
}

void ArchitectureCard::openAsLayers(const QString& architecture)
{
    Recipe recipe = m_session.recipe();
    if (recipe.architecture.kind == customArchitecture && architecture.isEmpty())
        return;
    if (!architecture.isEmpty())
        recipe.architecture = {architecture.toStdString(), {}};
    const Architecture* kind = findArchitecture(recipe.architecture.kind);
    Result<Parameters> opened;
    if (kind && m_session.brief() && kind->fits(*m_session.brief()) && validate(kind->schema, recipe.architecture.parameters, "").empty())
        opened = openAsCustom(*kind, recipe.architecture.parameters, *m_session.brief());
    recipe.architecture = {customArchitecture, opened ? std::move(*opened.value) : Parameters{}};
    m_session.edit(recipe, tr("Open as layers"), false);
    showRecipe(); // the list of kinds shows what was chosen, also where nothing changed
}

void ArchitectureCard::showRecipe()
{
    const Recipe& recipe = m_session.recipe();
    const Architecture* architecture = findArchitecture(recipe.architecture.kind);
    m_kind->setCurrentIndex(m_kind->findData(QString::fromStdString(recipe.architecture.kind)));
    m_help->setText(architecture ? translated(architecture->help) : QString{});
    if (architecture) {
        Schema schema = architecture->schema;
        std::erase_if(schema, isLayerList);   // that has an editor of its own
        m_form->setSchema(schema);
        m_form->setValues(recipe.architecture.parameters);
    }
}

void ArchitectureCard::showNetwork()
{
    m_form->setProblems(m_session.problems(), QStringLiteral("architecture"));
    // What fits the data can be chosen; the rest says why not.
    if (m_session.brief()) {
        const auto* model = qobject_cast<QStandardItemModel*>(m_kind->model());
        for (int i = 0; i < m_kind->count(); ++i) {
            const Architecture& architecture = *findArchitecture(m_kind->itemData(i).toString().toStdString());
            const bool fits = architecture.fits(*m_session.brief());
            model->item(i)->setEnabled(fits);
            m_kind->setItemData(i, fits ? translated(architecture.help) : tr("Not made for this data and task"), Qt::ToolTipRole);
        }
    }
    const Problems& problems = m_session.problems();
    const std::string ofLayers = std::string{"architecture."} + layersParameter;
    const auto general = std::find_if(problems.begin(), problems.end(), [&](const Problem& p) {
        return p.path == "architecture" || p.path == "architecture.kind" || (p.path.starts_with(ofLayers) && m_session.recipe().architecture.kind == customArchitecture);
    });
    m_problem->setVisible(general != problems.end());
    if (general != problems.end()) {
        const QString layer = general->path.size() > ofLayers.size() + 1 ? QString::fromStdString(general->path.substr(ofLayers.size() + 1)) + QStringLiteral(": ") : QString{};
        m_problem->setText(layer + translated(general->message) + (general->hint.empty() ? QString{} : QStringLiteral(": ") + translated(general->hint)));
    }
    const bool isCustom = m_session.recipe().architecture.kind == customArchitecture;
    m_edit->setEnabled(isCustom || m_session.network().has_value());
    m_edit->setToolTip(isCustom ? tr("Layers, connections and shapes") : tr("Writes this network down layer by layer, to be changed"));
    const auto& network = m_session.network();
    m_totals->setVisible(network.has_value());
    if (!network) {
        if (!m_session.isReading())
            m_view->clear();
        return;
    }
    const double megabytes = static_cast<double>(network->parameterCount()) * 4 / 1e6;
    m_totals->setText(tr("%1 parameters  ·  %2 multiply-adds a sample  ·  %3 MB")
                          .arg(shortCount(network->parameterCount()), shortCount(network->multiplyAdds()))
                          .arg(megabytes, 0, 'f', megabytes < 10 ? 2 : 0));
    m_view->setNetwork(*network);
    const Parameters& start = m_session.recipe().start;
    if (validate(startSchema(), start, "").empty() && startOptions(start).from != StartOptions::From::nothing)
        if (const Result<std::vector<bool>> frozen = frozenLayers(*network, startOptions(start).freeze))
            m_view->setFrozen(*frozen);
}

}
