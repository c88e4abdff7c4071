// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/forms/parameter_form.h"
#include "ui/theme/widgets.h"

class QComboBox;
class QPushButton;

namespace descent {

class NetworkView;
class TrainSession;

/// Which network, with its settings, drawn layer by layer as it is edited.
class ArchitectureCard : public Card
{
    Q_OBJECT
public:
    explicit ArchitectureCard(TrainSession& session, QWidget* parent = nullptr);
    ParameterForm* form() const { return m_form; }
    /// The recipe's network written down layer by layer, if it is not yet: as the architecture named, or the recipe's own.
    void openAsLayers(const QString& architecture = {});

Q_SIGNALS:
    void layersWanted();                 ///< to be edited one by one

private:
    void showRecipe();
    void showNetwork();

    TrainSession& m_session;
    QComboBox* m_kind = nullptr;
    QPushButton* m_edit = nullptr;
    QLabel *m_help = nullptr, *m_totals = nullptr, *m_problem = nullptr;
    ParameterForm* m_form = nullptr;
    NetworkView* m_view = nullptr;
};

}
