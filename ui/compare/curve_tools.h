// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/compare/compare_look.h"
#include "ui/summary/field_picker.h"

#include <QWidget>

class QButtonGroup;
class QComboBox;
class QLabel;
class QLineEdit;
class QSlider;
class QToolButton;

namespace descent {

/// How curves are drawn, as a row of controls over them. Shows a look, and says which one a person would rather have.
class CurveTools : public QWidget
{
    Q_OBJECT
public:
    explicit CurveTools(QWidget* parent = nullptr);
    void setLook(const CompareLook& look);
    void setGroupFields(std::vector<FieldPicker::Field> fields);

Q_SIGNALS:
    void lookEdited(const descent::CompareLook& look);

private:
    void edit(auto&& change); ///< of the look
    void addFilter();
    void addAlong();
    void addSmoothing();
    void addToggles();
    void addGrouping();

    CompareLook m_look;
    QLineEdit* m_filter = nullptr;
    QButtonGroup* m_along = nullptr;
    QSlider* m_slider = nullptr;
    QLabel* m_smoothing = nullptr;
    QToolButton *m_logX = nullptr, *m_logY = nullptr, *m_clip = nullptr, *m_training = nullptr;
    FieldPicker* m_group = nullptr;
    QComboBox* m_band = nullptr;
};

}
