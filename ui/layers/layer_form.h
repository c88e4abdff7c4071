// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace descent {

class LayerDocument;
class ParameterForm;

/// The settings of the current layer: name, where it reads, parameters, and what is wrong with it with a button that mends
/// what is plain to mend.
class LayerForm : public QWidget
{
    Q_OBJECT
public:
    explicit LayerForm(LayerDocument& document, QWidget* parent = nullptr);
    void focusName();
    void focusSettings();
    ParameterForm* parameters() const { return m_parameters; }

private:
    void showLayer();
    void showSources();
    void giveName();

    LayerDocument& m_document;
    QWidget *m_empty = nullptr, *m_body = nullptr;
    QLineEdit* m_name = nullptr;
    QLabel *m_kind = nullptr, *m_help = nullptr, *m_problem = nullptr, *m_gives = nullptr;
    QPushButton* m_fix = nullptr;
    QVBoxLayout* m_sources = nullptr;
    ParameterForm* m_parameters = nullptr;
    std::string m_shown;                    // name of the layer that the form shows
};

}
