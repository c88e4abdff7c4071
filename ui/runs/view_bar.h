// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/history/runs_view.h"

#include <QWidget>

#include <map>
#include <string>
#include <vector>

class QToolButton;

namespace descent {

/// Above the table: what it is grouped by, which columns it has, and views kept under names.
class ViewBar : public QWidget
{
    Q_OBJECT
public:
    explicit ViewBar(QWidget* parent = nullptr);
    void setGrouping(const std::vector<std::string>& fields);
    void setViews(const std::map<std::string, std::string>& views); ///< names and what was kept under them
    const std::string& kept(const std::string& name) const { return m_kept.at(name); }
    void setFields(std::vector<std::string> fields);                ///< that may be shown and grouped by
    const std::vector<std::string>& fields() const { return m_fields; }

Q_SIGNALS:
    void groupingChosen(const std::vector<std::string>& fields);
    void columnsWanted();
    void viewChosen(const QString& json);
    void usualViewChosen();
    void viewSaved(const QString& name);
    void viewRemoved(const QString& name);

private:
    void fillGroupMenu();
    void fillViewMenu();
    void toggle(const std::string& field);
    void askName();

    QToolButton *m_group = nullptr, *m_columns = nullptr, *m_views = nullptr;
    std::vector<std::string> m_grouping, m_fields;
    std::map<std::string, std::string> m_kept;
};

}
