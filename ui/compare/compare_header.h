// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/compare/compare_look.h"

#include <QWidget>

class QButtonGroup;
class QLabel;
class QToolButton;

namespace descent {

/// The Compare page's first row: its title and views, how many runs are drawn, and the layouts that were saved.
class CompareHeader : public QWidget
{
    Q_OBJECT
public:
    enum class View { curves, summary, recipes };
    explicit CompareHeader(CompareLayouts layouts, QWidget* parent = nullptr);

    void setView(View view);
    void setCounts(std::size_t drawn, std::size_t all);
    void setMoreThere(bool there);                   ///< runs that are left out because they are many
    void setLook(const CompareLook& look) { m_look = look; } ///< what a layout would save

Q_SIGNALS:
    void viewChosen(descent::CompareHeader::View view);
    void reportWanted();
    void allWanted();                                ///< to draw all runs, however many
    void lookEdited(const descent::CompareLook& look);

private:
    void showLayouts();
    void saveLayout();

    CompareLayouts m_layouts;
    CompareLook m_look;
    QButtonGroup* m_views = nullptr;
    QLabel* m_counts = nullptr;
    bool m_isMoreThere = false;
    QToolButton *m_all = nullptr, *m_menu = nullptr;
};

}
